import type { From, Query } from './ast.ts'

const tablesOf = (from: From): readonly string[] => {
  if ('entity' in from) return [from.entity]
  if ('join' in from) return [...tablesOf(from.l), ...tablesOf(from.r)]
  return []
}

const countOf = (query: Query): { readonly tables: ReadonlySet<string>; readonly filters: number } => {
  const tables = new Set<string>()
  let filters = 0
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { from, where, having } = node as {
      readonly from?: unknown
      readonly where?: unknown
      readonly having?: unknown
    }
    if (Array.isArray(from))
      for (const one of from as readonly From[]) for (const name of tablesOf(one)) tables.add(name)
    for (const filter of [where, having]) {
      if (typeof filter === 'object' && filter !== null)
        filters += 'and' in filter && Array.isArray(filter.and) ? filter.and.length : 1
    }
    for (const child of Object.values(node)) walk(child)
  }
  walk(query)
  for (const { name } of query.with ?? []) tables.delete(name)
  return { tables, filters }
}

/** What a relational query covers, in words; it holds no value of the query. */
export const explainPlain = (query: Query): string => {
  const { tables, filters } = countOf(query)
  const limit = query.limit === undefined ? '' : `; at most ${query.limit.lit} rows asked for`
  const over = tables.size === 0 ? 'no table' : [...tables].sort().join(', ')
  return `SQL over ${over}; ${filters === 1 ? '1 filter' : `${filters} filters`} as written; this workspace's records alone, archived ones left out${limit}`
}

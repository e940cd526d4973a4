import { pick, wordsIn } from './mutate.ts'
import type { Mutation, Random, Tables } from './mutate.ts'
import { CHANGES } from './third-changes.ts'
import type { Change } from './third-changes.ts'

const SYNONYMS: Readonly<Record<string, string>> = {
  name: 'title',
  title: 'name',
  amount: 'value',
  price: 'cost',
  date: 'day',
  status: 'state',
  type: 'category',
  email: 'mail',
  city: 'town',
  country: 'nation',
  rating: 'score',
  id: 'key',
  count: 'number',
  quantity: 'qty',
  description: 'summary',
  created: 'added',
  year: 'yr',
  phone: 'telephone',
  customer: 'client',
  birth: 'born',
}

const apply = (change: Change, sql: string): string =>
  typeof change.to === 'string' ? sql.replace(change.from, change.to) : sql.replace(change.from, change.to)

/** A column by another word of the same meaning. */
const meant = (sql: string, { columns }: Tables, random: Random): Mutation | undefined => {
  const names = new Set([...columns.values()].flat())
  const word = pick(
    random,
    wordsIn(sql, /\b[a-z]+(?:_[a-z]+)*\b(?!\s*\()/g).filter(
      ({ text }) => names.has(text) && text.split('_').some((part) => Object.hasOwn(SYNONYMS, part)),
    ),
  )
  if (!word) return undefined
  const name = word.text
    .split('_')
    .map((part) => SYNONYMS[part] ?? part)
    .join('_')
  if (names.has(name)) return undefined
  return {
    kind: 'column by another word',
    sql: sql.slice(0, word.at) + name + sql.slice(word.at + word.text.length),
    remedy: [word.text],
  }
}

/** A column with the name of its table in it, or with an ending of its kind. */
const decorated = (sql: string, { columns }: Tables, random: Random): Mutation | undefined => {
  const all = [...columns]
  const word = pick(
    random,
    wordsIn(sql, /\b[a-z_]+\b(?!\s*\()/g).filter(({ text }) => all.some(([, own]) => own.includes(text))),
  )
  const holder = word && all.find(([, own]) => own.includes(word.text))
  if (!word || !holder) return undefined
  const style = pick(random, [
    `${holder[0]}_${word.text}`,
    `${word.text}_id`,
    `${word.text}_col`,
    `is_${word.text}`,
  ])!
  if (all.some(([, own]) => own.includes(style))) return undefined
  return {
    kind: 'column with more in its name',
    sql: sql.slice(0, word.at) + style + sql.slice(word.at + word.text.length),
    remedy: [word.text],
  }
}

/** The alias of another table of the same FROM before a column that it has not. */
const otherAlias = (sql: string, _tables: Tables, random: Random): Mutation | undefined => {
  const uses = wordsIn(sql, /\b[a-z_]\w*(?=\.[a-z_])/gi)
  const word = pick(random, uses)
  const other = pick(
    random,
    uses.filter((one) => one.text !== word?.text),
  )
  if (!word || !other) return undefined
  return {
    kind: 'alias of another table',
    sql: sql.slice(0, word.at) + other.text + sql.slice(word.at + word.text.length),
    remedy: [word.text],
  }
}

/** An alias where it is not declared: `t1` in place of `t`. */
const strangeAlias = (sql: string, _tables: Tables, random: Random): Mutation | undefined => {
  const word = pick(random, wordsIn(sql, /\b[a-z_]\w*(?=\.[a-z_])/gi))
  if (!word) return undefined
  return {
    kind: 'alias that is not declared',
    sql: `${sql.slice(0, word.at)}${word.text}1${sql.slice(word.at + word.text.length)}`,
    remedy: [word.text],
  }
}

/** A table goes out of the FROM while its columns stay. */
const fromGone = (sql: string): Mutation | undefined => {
  const match = /\bfrom (\w+)(?= where| group| order|;|$)/i.exec(sql)
  if (!match) return undefined
  return { kind: 'FROM left out', sql: sql.replace(match[0], ''), remedy: ['from', match[1]!] }
}

/** The table before a column goes, where two tables have it. */
const unqualified = (sql: string, { columns }: Tables, random: Random): Mutation | undefined => {
  const word = pick(
    random,
    wordsIn(sql, /\b[a-z_]\w*\.[a-z_]\w*\b/gi).filter(({ text }) => {
      const name = text.split('.')[1]!
      return [...columns.values()].filter((own) => own.includes(name)).length > 1
    }),
  )
  if (!word) return undefined
  return {
    kind: 'column of two tables',
    sql: sql.slice(0, word.at) + word.text.split('.')[1]! + sql.slice(word.at + word.text.length),
    remedy: [word.text],
  }
}

const MAKERS = [meant, decorated, otherAlias, strangeAlias, fromGone, unqualified] as const

/** One mistake of each kind that the query has room for. */
export const mutateThird = (sql: string, tables: Tables, random: Random): readonly Mutation[] => {
  const flat = sql.replaceAll(/\s+/g, ' ').trim()
  const kinds = new Set(CHANGES.map(({ kind }) => kind))
  const changed = [...kinds].flatMap((kind): readonly Mutation[] => {
    const one = pick(
      random,
      CHANGES.filter((change) => change.kind === kind && change.from.test(flat)),
    )
    return one ? [{ kind, sql: apply(one, flat), remedy: one.remedy }] : []
  })
  const made = MAKERS.flatMap((make) => make(flat, tables, random) ?? [])
  return [...changed, ...made].filter((one) => one.sql !== flat)
}

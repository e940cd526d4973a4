import { catalog } from '../../../db/catalog/all.ts'

interface Change {
  readonly op: string
  readonly entity: string
  readonly record: string | null
  readonly fields?: readonly { field: string; old: string | null; new: string | null }[]
  readonly links?: readonly { relation: string; action: string; target: string }[]
}

const VERBS: Readonly<Record<string, string>> = {
  create: 'New',
  update: 'Change',
  archive: 'Archive',
  restore: 'Restore',
}

const headOf = ({ op, entity, record }: Change): string =>
  `${VERBS[op] ?? op} ${catalog.get(entity)?.one ?? entity}${record ? ` ${record}` : ''}`

/** A proposal's changes, field by field; it says that nothing is written. */
export const proposalText = (data: unknown): string => {
  const { changes = [] } = (data ?? {}) as { readonly changes?: readonly Change[] }
  const lines = changes.flatMap((change) => [
    `- ${headOf(change)}`,
    ...(change.fields ?? []).map(
      ({ field, old, new: next }) =>
        `  - ${field.replace(/_/g, ' ')}: ${old === null ? '' : `${old} → `}${next ?? 'empty'}`,
    ),
    ...(change.links ?? []).map(
      ({ relation, action, target }) =>
        `  - ${relation.replace(/_/g, ' ')}: ${action === 'remove' ? 'without ' : ''}${target}`,
    ),
  ])
  return `I have proposed this. It is NOT written until a person approves it.\n${lines.join('\n')}`
}

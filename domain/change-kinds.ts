/** Changes by the name people have for them; everything else goes by its operation. */
export const CHANGE_KINDS = ['log_interaction', 'task', 'tag', 'stage', 'draft_email'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

interface ChangeShape {
  readonly op: string
  readonly entity: string
  readonly fields: readonly { readonly column: string }[]
  readonly links: readonly { readonly relation: string; readonly action: string }[]
}

const MADE: Readonly<Record<string, ChangeKind>> = {
  interactions: 'log_interaction',
  tasks: 'task',
  email_drafts: 'draft_email',
}

/** What a change is called, however it was asked for. The migration `approval_rules` holds the same as `workflow.kind_of`. */
export const kindOf = ({ op, entity, fields, links }: ChangeShape): string => {
  if (op === 'create') return MADE[entity] ?? op
  if (op !== 'update') return op
  const isTagged = links.every(({ relation, action }) => relation === 'tags' && action === 'add')
  if (fields.length === 0 && links.length > 0 && isTagged) return 'tag'
  const isMoved = fields.length === 1 && fields[0]?.column === 'stage_id' && links.length === 0
  return entity === 'deals' && isMoved ? 'stage' : op
}

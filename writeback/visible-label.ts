import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import type { Label } from '../domain/label.ts'

interface Readable {
  readonly id: string
  readonly what: string
  readonly author: string | null
}

/** Those of the sources that whoever asks may read now; row security decides. */
const readableOf = async (tx: TenantTx, ids: readonly string[]): Promise<ReadonlyMap<string, Readable>> => {
  if (ids.length === 0) return new Map()
  const wanted = sql`any(${sql.param([...ids])}::uuid[])`
  const found = await rows<Readable & Record<string, unknown>>(
    tx,
    sql`select m.id, 'mail from ' || coalesce(m.from_address, 'somebody') || ', ' || to_char(m.sent_at, 'YYYY-MM-DD') as what,
        lower(m.from_address) as author from intel.mail_messages m where m.id = ${wanted}
      union all select t.id, 'calendar entry, ' || to_char(t.starts_at, 'YYYY-MM-DD'), null from intel.meetings t where t.id = ${wanted}
      union all select i.id, i.kind || ', ' || to_char(i.occurred_at, 'YYYY-MM-DD'), null from intel.interactions i where i.id = ${wanted}`,
  )
  return new Map(found.map((one) => [one.id, one]))
}

const UNREADABLE: Label = {
  source: null,
  what: 'mail you may not read',
  author: null,
  integrity: 'external',
  readers: [],
}

/** Sources that read alike are told once. */
const once = (labels: readonly Label[]): readonly Label[] => [
  ...new Map(labels.map((label) => [`${label.source?.id ?? ''} ${label.what}`, label])).values(),
]

/**
 * A proposal's label as whoever runs `tx` may see it: of mail that is not for them neither sender nor words nor how many
 * there were. What has to be typed, and by whom it is approved, stays the same.
 */
export const visibleLabel = async (tx: TenantTx, label: ProposalLabel): Promise<ProposalLabel> => {
  const labels = [...label.sources, ...label.changes.flat().flatMap(({ label: one }) => one ?? [])]
  const ids = [...new Set(labels.flatMap(({ source }) => source?.id ?? []))]
  const readable = await readableOf(tx, ids)
  const seen = (one: Label): Label => {
    if (one.source === null) return one
    const found = readable.get(one.source.id)
    return found ? { ...one, what: found.what, author: found.author } : UNREADABLE
  }
  return {
    ...label,
    sources: once(label.sources.map(seen)),
    changes: label.changes.map((fields) =>
      fields.map((field) => {
        if (field.label === null) return field
        const shown = seen(field.label)
        return shown === UNREADABLE ? { ...field, label: shown, span: null } : { ...field, label: shown }
      }),
    ),
    strangers: label.strangers.map(({ address, sources }) => ({ address, sources: once(sources.map(seen)) })),
  }
}

import type { QueryInput } from '../../query/ast.ts'

/**
 * The analytical questions of the dev set, each in the semantic form and once more in SQL over the base tables, written
 * apart. `{now}` is the clock of the workspace as an instant, `{day}` as wall time in its zone `{zone}`, `{me}` the asker.
 */
export interface SemanticForm {
  readonly id: string
  readonly workspace: 'larkspur' | 'cobalt' | 'harborview'
  readonly semantic: QueryInput
  /** Columns of the answer to compare with those of `sql`, in their order. */
  readonly columns: readonly string[]
  readonly sql: string
  /** Whether the order of the rows is asked for. */
  readonly ordered?: true
}

export const DEALS = `crm.deals d join crm.stages s on s.id = d.stage_id and s.tenant_id = d.tenant_id`
export const OPEN = `d.deleted_at is null and s.kind = 'open'`
export const PERSON = `concat_ws(' ', p.given_name, p.family_name)`
export const MEMBER = `concat_ws(' ', m.given_name, m.family_name)`
export const local = (column: string): string => `(${column} at time zone '{zone}')`
export const within = (column: string, unit: string, shift = 0): string =>
  `date_trunc('${unit}', ${local(column)}) = date_trunc('${unit}', {day}) + interval '${unit === 'quarter' ? shift * 3 : shift} ${unit === 'quarter' ? 'month' : unit}'`
export const met = (person: string): string =>
  `select 1 from intel.interaction_people ip join intel.interactions i on i.id = ip.interaction_id
    where ip.person_id = ${person} and ip.deleted_at is null and i.deleted_at is null and i.kind = 'meeting'`

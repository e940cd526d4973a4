import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { ChangeInput, EvidenceInput, SetValue } from './changes.ts'
import { readReference } from './references.ts'

/** An interaction as it is asked for; references as record URIs, titles or addresses. */
export interface InteractionInput {
  readonly kind: string
  readonly people: readonly string[]
  readonly company?: string | undefined
  readonly deal?: string | undefined
  readonly occurred_at?: string | undefined
  readonly direction?: string | undefined
  readonly summary: string
  readonly body?: string | undefined
  readonly duration_minutes?: number | undefined
  readonly evidence: readonly EvidenceInput[]
}

/** The company that all of these people, or else the deal, belong to. */
const sharedCompany = async (
  tx: TenantTx,
  people: readonly string[],
  deal: string | undefined,
): Promise<string | undefined> => {
  const ids = people.length > 0 ? people : deal === undefined ? [] : [deal]
  const table = people.length > 0 ? sql`crm.people` : sql`crm.deals`
  if (ids.length === 0) return undefined
  const list = sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  )
  const found = await rows<{ company_id: string | null }>(
    tx,
    sql`select distinct t.company_id from ${table} t left join crm.companies c
      on c.tenant_id = t.tenant_id and c.id = t.company_id and c.deleted_at is null
      where t.id in (${list}) and (t.company_id is null or c.id is not null)`,
  )
  return found.length === 1 ? (found[0]!.company_id ?? undefined) : undefined
}

/** One change that creates the interaction; the company is filled in where people or deal make it certain. */
export const interactionChange = async (
  tx: TenantTx,
  input: InteractionInput,
  memberId: string | null,
): Promise<ChangeInput> => {
  const context = { tx, memberId, made: new Map() }
  const people: string[] = []
  for (const [place, person] of input.people.entries()) {
    people.push(await readReference(context, 'people', person, `people[${place}]`))
  }
  const deal =
    input.deal === undefined ? undefined : await readReference(context, 'deals', input.deal, 'deal')
  const company = await (input.company === undefined
    ? sharedCompany(tx, people, deal)
    : readReference(context, 'companies', input.company, 'company'))
  const { kind, occurred_at, direction, summary, body, duration_minutes } = input
  const given: Readonly<Record<string, SetValue | undefined>> = {
    kind,
    occurred_at,
    direction,
    summary,
    body,
    duration_minutes,
    company: company && `companies:${company}`,
    deal: deal && `deals:${deal}`,
    people: people.length > 0 ? people.map((id) => `people:${id}`) : undefined,
  }
  const set = Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, SetValue] => entry[1] !== undefined),
  )
  return { op: 'create', entity: 'interactions', set, evidence: [...input.evidence] }
}

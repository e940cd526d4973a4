import { asTenant, runText } from '../../db/tenant.ts'
import type { Desk, House } from '../../cli/compose.ts'

/** A record that questions name. */
export interface RecordName {
  /** `people:<uuid>` */
  readonly uri: string
  readonly is: 'members' | 'people' | 'companies' | 'deals'
  readonly name: string
}

const NAMES = `
  select 'members', id, btrim(given_name || ' ' || coalesce(family_name, '')) from core.members
  union all select 'people', id, btrim(coalesce(given_name, '') || ' ' || coalesce(family_name, '')) from crm.people where deleted_at is null
  union all select 'companies', id, name from crm.companies where deleted_at is null
  union all select 'deals', id, name from crm.deals where deleted_at is null`

/** Members, people, companies and deals of a workspace by name; the latest first, as the product lists candidates. */
export const namesOfWorkspace = (house: House, desk: Desk): Promise<readonly RecordName[]> =>
  asTenant(house.database, desk.actor, async (tx) => {
    const { rows } = await runText(tx, NAMES, [])
    return (rows as [RecordName['is'], string, string][])
      .toSorted(([, a], [, b]) => (a < b ? 1 : -1))
      .flatMap(([is, id, name]) => (name === '' ? [] : [{ uri: `${is}:${id}`, is, name }]))
  })

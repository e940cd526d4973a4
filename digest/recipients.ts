import { listMembers } from '../db/members.ts'
import type { Member } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { DigestPolicy } from './policy.ts'

/** Whom a policy of mail is for, but for those who are disabled and those who opted out (`tact preferences set digest off`). */
export const recipientsOf = async (
  tx: TenantTx,
  { recipients }: Pick<DigestPolicy, 'recipients'>,
): Promise<readonly Member[]> => {
  const out = await rows<{ member_id: string }>(
    tx,
    sql`select member_id from workflow.preferences where name = 'digest' and value = 'off' and deleted_at is null`,
  )
  const isOut = new Set(out.map(({ member_id }) => member_id))
  const isWanted = ({ role, email }: Member): boolean =>
    recipients === 'everyone' ||
    (recipients === 'admins' ? role === 'owner' || role === 'admin' : recipients.includes(email))
  return (await listMembers(tx)).filter((one) => !one.disabled && !isOut.has(one.id) && isWanted(one))
}

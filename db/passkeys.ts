import type { Actor, Role } from '../domain/actor.ts'
import { denied, notFound } from '../domain/errors.ts'
import { isUuid, newId } from '../domain/ids.ts'
import type { MemberId, TenantId } from '../domain/ids.ts'
import { appendAudit } from './audit.ts'
import type { Database } from './connect.ts'
import { sql } from './sql.ts'
import { assertStanding } from './standing.ts'
import { asSystem, asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** A public key as a device made it. `id` is base64url. */
export interface PublicKey {
  readonly id: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  readonly transports: readonly string[]
}

export interface Passkey {
  readonly id: string
  readonly credentialId: string
  readonly name: string
  /** ISO 8601. */
  readonly createdAt: string
}

/** Whose it is, found before any workspace is known. */
export interface FoundPasskey {
  readonly tenantId: TenantId
  readonly memberId: MemberId
  readonly role: Role
  readonly key: PublicKey
}

/** One's own passkeys, the newest first. */
export const listPasskeys = (tx: TenantTx, memberId: string): Promise<readonly Passkey[]> =>
  rows<Passkey & Record<string, unknown>>(
    tx,
    sql`select id, credential_id as "credentialId", name, created_at as "createdAt" from core.passkeys
      where member_id = ${memberId}::uuid and deleted_at is null order by created_at desc, id`,
  )

/** Keeps a key of the member who acts. The database refuses every road but the inbox. */
export const addPasskey = async (
  tx: TenantTx,
  actor: Actor,
  { id: credentialId, publicKey, counter, transports, name }: PublicKey & { readonly name: string },
): Promise<void> => {
  await assertStanding(tx, actor, 'read')
  if (actor.memberId === null) throw denied('no_member', 'Only members of this workspace may do that.')
  const id = newId()
  await rows(
    tx,
    sql`insert into core.passkeys (id, tenant_id, member_id, credential_id, public_key, counter, transports, name)
      values (${id}, core.current_tenant(), ${actor.memberId}, ${credentialId}, ${Buffer.from(publicKey)}, ${counter},
        ${sql.param([...transports])}::text[], ${name})`,
  )
  await appendAudit(tx, { kind: 'passkey.added', entity: 'passkeys', recordId: id, data: {} })
}

/** Ends one of one's own. Throws `unknown_passkey`. */
export const removePasskey = async (tx: TenantTx, actor: Actor, id: string): Promise<void> => {
  const gone = isUuid(id)
    ? await rows(
        tx,
        sql`update core.passkeys set deleted_at = now()
          where id = ${id} and member_id = ${actor.memberId}::uuid and deleted_at is null returning id`,
      )
    : []
  if (gone.length === 0) throw notFound('unknown_passkey', 'You have no such passkey.')
  await appendAudit(tx, { kind: 'passkey.removed', entity: 'passkeys', recordId: id, data: {} })
}

interface FoundRow {
  readonly tenant_id: TenantId
  readonly member_id: MemberId
  readonly role: Role
  readonly public_key: Buffer
  readonly counter: number
  readonly transports: readonly string[] | null
}

/** The key of that name and whose it is; undefined where nobody of now has it. */
export const findPasskey = async (
  database: Database,
  credentialId: string,
): Promise<FoundPasskey | undefined> => {
  const [found] = await asSystem(database, (tx) =>
    rows<FoundRow>(tx, sql`select * from core.find_passkey(${credentialId})`),
  )
  if (!found) return undefined
  const { tenant_id: tenantId, member_id: memberId, role, counter, transports } = found
  const publicKey = new Uint8Array(found.public_key)
  return {
    tenantId,
    memberId,
    role,
    key: { id: credentialId, publicKey, counter, transports: transports ?? [] },
  }
}

/** Notes that it was used: of two uses with one counter, one wins. False for the other, and for a copy of the device. */
export const countPasskey = async (
  database: Database,
  { tenantId, memberId, key }: FoundPasskey,
  counter: number,
): Promise<boolean> => {
  const used = await asTenant(database, { tenantId, memberId, via: 'system' }, (tx) =>
    rows(
      tx,
      sql`update core.passkeys set counter = ${counter} where credential_id = ${key.id} and deleted_at is null
        and counter = ${key.counter} and (${counter} > counter or (${counter} = 0 and counter = 0)) returning id`,
    ),
  )
  return used.length === 1
}

import type { Actor } from '../domain/actor.ts'
import { denied } from '../domain/errors.ts'
import { may } from '../domain/permissions.ts'

/** Whole workspaces are taken out and put back by those who answer for them. Throws `denied`. */
export const assertMayAdminister = ({ role }: Actor, what: string): void => {
  if (may(role, 'export')) return
  throw denied('not_admin', `Only owners and admins ${what}.`, { fix: 'Ask an owner or an admin.' })
}

import type { Request, Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { invite, listInvitations, revokeInvitation } from '../db/invitations.ts'
import { changeRole, disableMember, enableMember, listMembers } from '../db/members.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { ROLES } from '../domain/actor.ts'
import type { Role } from '../domain/actor.ts'
import { notFound, userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { may } from '../domain/permissions.ts'
import { memberName } from '../writeback/show.ts'
import type { Notice } from './layout.ts'
import { membersPage } from './member-pages.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, signedInWith, textOf } from './signed-in.ts'
import type { SignedInHandler } from './signed-in.ts'

interface Shown {
  readonly link?: string
  readonly notice?: Notice
  readonly status?: number
}

const show = async (
  database: Database,
  response: Response,
  { actor, csrf }: Session,
  { link, notice, status }: Shown = {},
): Promise<void> => {
  const { frame, content } = await asTenant(
    database,
    actor,
    async (tx) => {
      const acting = await assertStanding(tx, actor, 'read')
      const workspace = await ownWorkspace(tx)
      const drawn = membersPage({
        members: await listMembers(tx),
        invitations: may(acting, 'invite') ? await listInvitations(tx, actor) : null,
        link: link ?? null,
        notice,
        acting,
        csrf,
        timezone: workspace.timezone,
      })
      const name = await memberName(tx, actor.memberId)
      return {
        frame: { title: 'Members', person: { name, workspace: workspace.name, csrf } },
        content: drawn,
      }
    },
    { readOnly: true },
  )
  sendPage(response, frame, content, status)
}

const roleIn = (request: Request): Role => {
  const role = ROLES.find((one) => one === fieldOf(request, 'role'))
  if (role) return role
  throw userError('unknown_role', 'There is no role of that name.', { validOptions: ROLES })
}

const idIn = (request: Request): string => {
  const id = textOf(request.params['id'])
  if (isUuid(id)) return id
  throw notFound('unknown_id', 'There is nothing of that id.')
}

/** Who is here, who is invited, and what those who may can do about it: `/inbox/members` and `/inbox/invitations`. */
export const mountMembers = (router: Router, database: Database): void => {
  const signedIn = signedInWith(database)
  const changing =
    (change: (tx: TenantTx, request: Request, session: Session) => Promise<void>): SignedInHandler =>
    async (request, response, session) => {
      try {
        await asTenant(database, session.actor, (tx) => change(tx, request, session))
        response.redirect(303, '/inbox/members')
      } catch (thrown) {
        await refused(response, session, thrown)
      }
    }
  const refused = async (response: Response, session: Session, thrown: unknown): Promise<void> => {
    await show(database, response, session, refusalOf(thrown))
  }
  router.get(
    '/members',
    signedIn((_request, response, session) => show(database, response, session)),
  )
  router.post(
    '/members/:id/role',
    signedIn(
      changing((tx, request, { actor }) => changeRole(tx, actor, idIn(request) as MemberId, roleIn(request))),
    ),
  )
  router.post(
    '/members/:id/disable',
    signedIn(changing((tx, request, { actor }) => disableMember(tx, actor, idIn(request) as MemberId))),
  )
  router.post(
    '/members/:id/enable',
    signedIn(changing((tx, request, { actor }) => enableMember(tx, actor, idIn(request) as MemberId))),
  )
  router.post(
    '/invitations/:id/revoke',
    signedIn(changing((tx, request, { actor }) => revokeInvitation(tx, actor, idIn(request)))),
  )
  router.post(
    '/invitations',
    signedIn(async (request, response, session) => {
      let token: string
      try {
        const wanted = { email: fieldOf(request, 'email'), role: roleIn(request) }
        token = (await asTenant(database, session.actor, (tx) => invite(tx, session.actor, wanted))).token
      } catch (thrown) {
        await refused(response, session, thrown)
        return
      }
      // The guard has compared the Origin with the address this request was sent to.
      const origin = textOf(request.headers.origin)
      await show(database, response, session, { link: `${origin}/inbox/join?token=${token}` })
    }),
  )
}

import type { Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { listMembers } from '../db/members.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { grantStanding, listStanding, revokeStanding, standingUses } from '../writeback/standing.ts'
import { memberName } from '../writeback/show.ts'
import { readInstant } from '../writeback/when.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, textOf } from './signed-in.ts'
import type { SignedIn, SignedInHandler } from './signed-in.ts'
import { standingPage } from './standing-page.ts'

const WEEK_MS = 7 * 86_400_000

const show = async (
  database: Database,
  response: Response,
  { actor, csrf }: Session,
  refused?: ReturnType<typeof refusalOf>,
): Promise<void> => {
  const { frame, content } = await asTenant(
    database,
    actor,
    async (tx) => {
      const role = await assertStanding(tx, actor, 'read')
      const workspace = await ownWorkspace(tx)
      const now = nowOf(workspace)
      const name = await memberName(tx, actor.memberId)
      const members = new Map<string, string>()
      for (const { id } of await listMembers(tx)) members.set(id, await memberName(tx, id))
      const drawn = standingPage({
        standing: await listStanding(tx, actor),
        uses: await standingUses(tx, new Date(now.getTime() - WEEK_MS)),
        members,
        mayGrant: role === 'owner',
        mayRevoke: role === 'owner' || role === 'admin',
        now,
        notice: refused?.notice,
        csrf,
        timezone: workspace.timezone,
      })
      const person = { name, workspace: workspace.name, csrf }
      return { frame: { title: 'Changes that pass', person }, content: drawn }
    },
    { readOnly: true },
  )
  sendPage(response, frame, content, refused?.status)
}

/** `/standing`: what an owner lets pass without asking; granted by owners, revoked by owners and admins, seen by all. */
export const mountStanding = (router: Router, database: Database, signedIn: SignedIn): void => {
  const changing = (change: SignedInHandler) =>
    signedIn(async (request, response, session) => {
      try {
        await change(request, response, session)
        response.redirect(303, '/inbox/standing')
      } catch (thrown) {
        await show(database, response, session, refusalOf(thrown))
      }
    })
  router.get(
    '/standing',
    signedIn((_request, response, session) => show(database, response, session)),
  )
  router.post(
    '/standing',
    changing(async (request, _response, { actor }) => {
      const workspace = await asTenant(database, actor, (tx) => ownWorkspace(tx), { readOnly: true })
      const member = fieldOf(request, 'member')
      const now = nowOf(workspace)
      const lastMoment = `${fieldOf(request, 'until')}T23:59:59`
      await grantStanding(database, actor, {
        kind: fieldOf(request, 'kind'),
        scope: fieldOf(request, 'scope'),
        memberId: member === '' ? null : member,
        perDay: Number(fieldOf(request, 'per_day')),
        until: new Date(readInstant(lastMoment, { now, timezone: workspace.timezone }, 'until')),
        now,
      })
    }),
  )
  router.post(
    '/standing/:id/revoke',
    changing((request, _response, { actor }) =>
      revokeStanding(database, actor, textOf(request.params['id'])),
    ),
  )
}

import type { Request, Response, Router } from 'express'
import { VISIBILITIES } from '../db/catalog/mailboxes.ts'
import type { Visibility } from '../db/catalog/mailboxes.ts'
import type { Database } from '../db/connect.ts'
import { listMembers } from '../db/members.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { userError } from '../domain/errors.ts'
import { setVisibility } from '../mail/change-mailbox.ts'
import { giveConsent, listMailboxes, withdrawConsent } from '../mail/mailbox.ts'
import { rebuildIndex } from '../search/rebuild.ts'
import { memberName } from '../writeback/show.ts'
import type { Notice } from './layout.ts'
import { mailboxesPage } from './mailbox-pages.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, textOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

const show = async (
  database: Database,
  response: Response,
  { actor, csrf }: Session,
  { notice, status }: { readonly notice?: Notice; readonly status?: number } = {},
): Promise<void> => {
  const { frame, content } = await asTenant(
    database,
    actor,
    async (tx) => {
      await assertStanding(tx, actor, 'read')
      const { timezone, name: workspace } = await ownWorkspace(tx)
      const members = await listMembers(tx)
      const drawn = mailboxesPage({
        mailboxes: await listMailboxes(tx),
        members: new Map(members.map(({ id, email }) => [id, email])),
        memberId: actor.memberId,
        notice,
        csrf,
        timezone,
      })
      return {
        frame: {
          title: 'Mailboxes',
          person: { name: await memberName(tx, actor.memberId), workspace, csrf },
        },
        content: drawn,
      }
    },
    { readOnly: true },
  )
  sendPage(response, frame, content, status)
}

const visibilityIn = (request: Request): Visibility => {
  const found = VISIBILITIES.find((one) => one === fieldOf(request, 'visibility'))
  if (found) return found
  throw userError('unknown_visibility', 'There is no visibility of that name.', {
    validOptions: VISIBILITIES,
  })
}

/** Whose mail is read and who sees it: `/inbox/mailboxes`. */
export const mountMailboxes = (router: Router, database: Database, signedIn: SignedIn): void => {
  const changing = (change: (request: Request, actor: Actor) => Promise<unknown>) =>
    signedIn(async (request, response, session) => {
      try {
        await change(request, session.actor)
        response.redirect(303, '/inbox/mailboxes')
      } catch (thrown) {
        await show(database, response, session, refusalOf(thrown))
      }
    })
  const idIn = (request: Request): string => textOf(request.params['id'])
  router.get(
    '/mailboxes',
    signedIn((_request, response, session) => show(database, response, session)),
  )
  router.post(
    '/mailboxes/:id/visibility',
    changing(async (request, actor) => {
      const changed = await setVisibility(database, actor, idIn(request), visibilityIn(request))
      // What others may no longer see leaves the figures of their searches too.
      if (changed > 0)
        await rebuildIndex({ database, actor: { tenantId: actor.tenantId, memberId: null, via: 'system' } })
    }),
  )
  router.post(
    '/mailboxes/:id/withdraw',
    changing((request, actor) =>
      asTenant(database, actor, (tx) => withdrawConsent(tx, actor, idIn(request))),
    ),
  )
  router.post(
    '/mailboxes/:id/consent',
    changing((request, actor) =>
      asTenant(database, actor, (tx) => giveConsent(tx, actor, idIn(request), {})),
    ),
  )
}

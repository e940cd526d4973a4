import type { Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { acceptInvitation, findInvitation } from '../db/invitations.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { TactError } from '../domain/errors.ts'
import type { Notice } from './layout.ts'
import { joinPage } from './member-pages.ts'
import { sendMessage, sendPage } from './reply.ts'
import { setCookie, startSession } from './session.ts'
import { fieldOf, textOf } from './signed-in.ts'

const gone = (response: Response): void =>
  sendMessage(
    response,
    410,
    'Invitation used or too old',
    'An invitation works once and for a week. Ask whoever invited you for a new one.',
  )

/** The way in for those who are invited; looking at it uses nothing up, because mail scanners look too. */
export const mountJoin = (router: Router, database: Database): void => {
  const show = async (response: Response, token: string, notice?: Notice): Promise<void> => {
    const invitation = await findInvitation(database, token)
    if (!invitation) {
      gone(response)
      return
    }
    const { tenantId } = invitation
    const { name } = await asTenant(database, { tenantId, memberId: null, via: 'inbox' }, ownWorkspace, {
      readOnly: true,
    })
    const content = joinPage(token, { ...invitation, workspace: name }, notice)
    sendPage(response, { title: 'Join', person: null }, content, notice ? 400 : 200)
  }
  router.get('/join', (request, response) => show(response, textOf(request.query['token'])))
  router.post('/join', async (request, response) => {
    const token = fieldOf(request, 'token')
    const names = { givenName: fieldOf(request, 'given'), familyName: fieldOf(request, 'family') }
    try {
      const { tenantId, member } = await acceptInvitation(database, token, names)
      const actor = { tenantId, memberId: member.id, role: member.role, via: 'inbox' } as const
      setCookie(request, response, await startSession(database, actor))
      response.redirect(303, '/inbox')
    } catch (thrown) {
      if (!(thrown instanceof TactError) || thrown.kind === 'bug') throw thrown
      if (thrown.code === 'invitation_gone') gone(response)
      else await show(response, token, { tone: 'bad', text: thrown.message, fix: thrown.details.fix })
    }
  })
}

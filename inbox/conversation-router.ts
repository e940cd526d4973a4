import express from 'express'
import type { Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import type { Privacy } from '../tools/privacy/privacy.ts'
import { memberName } from '../writeback/show.ts'
import { conversationPage, conversationsPage, decodePage } from './conversation-pages.ts'
import type { DecodePage } from './conversation-pages.ts'
import { decode, listConversations, showConversation } from './conversations.ts'
import type { Frame } from './layout.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, textOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

/** An answer that is pasted is longer than the other forms; each byte of it may take three. */
const LARGEST_FORM = '256kb'

interface Surroundings {
  readonly frame: Frame
  readonly timezone: string
}

const surroundingsOf = (database: Database, { actor, csrf }: Session, title: string): Promise<Surroundings> =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const workspace = await ownWorkspace(tx)
      const name = await memberName(tx, actor.memberId)
      return {
        frame: { title, person: { name, workspace: workspace.name, csrf } },
        timezone: workspace.timezone,
      }
    },
    { readOnly: true },
  )

/** Reads the form of the decoder; stands before the reader of the other, smaller forms. */
export const readDecodeForm = (): Router =>
  express
    .Router()
    .use('/decode', express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: 20 }))

/** `/conversations`, each with its receipt, and `/decode`: pasted answers with names put back, for their member alone. */
export const mountConversations = (
  router: Router,
  { database, privacy }: { readonly database: Database; readonly privacy: Privacy },
  signedIn: SignedIn,
): void => {
  const parts = { database, privacy }
  const showDecoder = async (
    response: Response,
    session: Session,
    page: Pick<DecodePage, 'chosen' | 'text' | 'decoded' | 'notice'>,
    status = 200,
  ): Promise<void> => {
    const { frame, timezone } = await surroundingsOf(database, session, 'Decode an answer')
    const rows = await listConversations(database, session.actor)
    sendPage(response, frame, decodePage({ csrf: session.csrf, timezone, rows, ...page }), status)
  }
  router.get(
    '/conversations',
    signedIn(async (_request, response, session) => {
      const { frame, timezone } = await surroundingsOf(database, session, 'Conversations')
      const found = await listConversations(database, session.actor)
      sendPage(response, frame, conversationsPage(found, timezone))
    }),
  )
  router.get(
    '/conversations/:id',
    signedIn(async (request, response, session) => {
      const found = await showConversation(parts, session.actor, textOf(request.params['id']))
      const { frame, timezone } = await surroundingsOf(database, session, 'Conversation')
      sendPage(response, frame, conversationPage(found, timezone))
    }),
  )
  router.get(
    '/decode',
    signedIn((request, response, session) =>
      showDecoder(response, session, { chosen: textOf(request.query['conversation']), text: '' }),
    ),
  )
  router.post(
    '/decode',
    signedIn(async (request, response, session) => {
      const [id, text] = [fieldOf(request, 'conversation'), fieldOf(request, 'text').replaceAll('\r\n', '\n')]
      try {
        const decoded = await decode(parts, session.actor, { id, text })
        await showDecoder(response, session, { chosen: id, text, decoded })
      } catch (thrown) {
        const { notice, status } = refusalOf(thrown)
        await showDecoder(response, session, { chosen: '', text, notice }, status)
      }
    }),
  )
}

import express from 'express'
import type { Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { may } from '../domain/permissions.ts'
import type { Privacy } from '../tools/privacy/privacy.ts'
import { countProposals } from '../writeback/list.ts'
import { memberName } from '../writeback/show.ts'
import { undoRun } from '../writeback/undo-run.ts'
import { conversationPage, conversationsPage, decodePage } from './conversation-pages.ts'
import type { DecodePage } from './conversation-pages.ts'
import { decode, listConversations, showConversation } from './conversations.ts'
import type { Frame, Notice } from './layout.ts'
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

/** How much of what a conversation proposed stands written, where who looks may take it back. */
const countWritten = (database: Database, { actor }: Session, conversationId: string): Promise<number> =>
  asTenant(
    database,
    actor,
    async (tx) =>
      may(actor.role, 'approve')
        ? countProposals({ tx, now: nowOf(await ownWorkspace(tx)) }, { conversationId, states: ['executed'] })
        : 0,
    { readOnly: true },
  )

const takeBack = async (database: Database, { actor }: Session, conversationId: string): Promise<Notice> => {
  const now = nowOf(await asTenant(database, actor, (tx) => ownWorkspace(tx), { readOnly: true }))
  const outcomes = await undoRun(database, { conversationId, decider: actor, now })
  const refused = outcomes.flatMap((one) => ('refused' in one ? [one.refused.message] : []))
  const done = `${outcomes.length - refused.length} taken back`
  return refused.length === 0
    ? { tone: 'good', text: `${done}.` }
    : { tone: 'bad', text: `${done}, ${refused.length} not.`, fix: [...new Set(refused)].join(' ') }
}

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
  const show = async (
    response: Response,
    session: Session,
    id: string,
    { notice, status }: { readonly notice?: Notice; readonly status?: number } = {},
  ): Promise<void> => {
    const found = await showConversation(parts, session.actor, id)
    const { frame, timezone } = await surroundingsOf(database, session, 'Conversation')
    const written = await countWritten(database, session, id)
    const page = { ...found, timezone, csrf: session.csrf, written, notice }
    sendPage(response, frame, conversationPage(page), status)
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
      await show(response, session, textOf(request.params['id']))
    }),
  )
  router.post(
    '/conversations/:id/undo',
    signedIn(async (request, response, session) => {
      const id = textOf(request.params['id'])
      await showConversation(parts, session.actor, id)
      try {
        await show(response, session, id, { notice: await takeBack(database, session, id) })
      } catch (thrown) {
        await show(response, session, id, refusalOf(thrown))
      }
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

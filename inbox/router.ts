import express from 'express'
import type { ErrorRequestHandler, Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { log } from '../log.ts'
import { createPrivacy } from '../tools/privacy/privacy.ts'
import type { Privacy } from '../tools/privacy/privacy.ts'
import { memberName } from '../writeback/show.ts'
import { mountAccess } from './access.ts'
import { mountBulk } from './bulk.ts'
import { mountConversations, readDecodeForm } from './conversation-router.ts'
import { mountDashboard } from './dashboard.ts'
import { ACTIONS, decide } from './decide.ts'
import type { Action } from './decide.ts'
import { mountEdit, readEditForm } from './edit.ts'
import { ownOriginOnly, refuseBearers, secureHeaders } from './guard.ts'
import { mountJoin } from './join.ts'
import { KEYS } from './keys.ts'
import { INBOX_LIMITS, limitForms, limitSignIns } from './limits.ts'
import type { InboxLimits } from './limits.ts'
import { mountMailboxes } from './mailboxes.ts'
import { mountMembers } from './members.ts'
import { filterOf, signInPage, tabOf } from './pages.ts'
import { PASSKEY_SCRIPT } from './passkey-pages.ts'
import { mountPasskeys } from './passkeys.ts'
import { mountOverview } from './overview.ts'
import { mountQuery, readQueryForms } from './query-router.ts'
import { QUERY_STYLE } from './query-style.ts'
import { STATUS, noticeOf, refusalOf, sendMessage, sendPage } from './reply.ts'
import { drawList, drawProposal } from './scene.ts'
import { endSession, linkOwner, redeemLink, setCookie } from './session.ts'
import { mountSettings } from './settings.ts'
import { mountStanding } from './standing.ts'
import { mountWebhooks } from './webhooks.ts'
import { fieldOf, fieldsOf, signedInWith, textOf } from './signed-in.ts'
import type { SignedInHandler } from './signed-in.ts'
import { READING_STYLE } from './reading-style.ts'
import { ICON, STYLE } from './style.ts'

const linkGone = (response: Response): void =>
  sendMessage(
    response,
    410,
    'Link used or too old',
    'A sign-in link works once and for ten minutes. Ask for a new one.',
  )

const mountSignIn = (router: Router, database: Database): void => {
  const signedIn = signedInWith(database)
  router.get('/sign-in', async (request, response) => {
    const token = textOf(request.query['token'])
    const owner = await linkOwner(database, token)
    if (!owner) {
      linkGone(response)
      return
    }
    const content = await asTenant(database, owner, async (tx) =>
      signInPage(token, await memberName(tx, owner.memberId), (await ownWorkspace(tx)).name),
    )
    sendPage(response, { title: 'Sign in', person: null }, content)
  })
  router.post('/sign-in', async (request, response) => {
    const session = await redeemLink(database, fieldOf(request, 'token'))
    if (session === undefined) {
      linkGone(response)
      return
    }
    setCookie(request, response, session)
    response.redirect(303, '/inbox')
  })
  router.post(
    '/sign-out',
    signedIn(async (request, response, session) => {
      await endSession(database, session)
      setCookie(request, response, null)
      sendMessage(response, 200, 'Signed out', 'You can close this page.')
    }),
  )
}

const mountProposals = (router: Router, database: Database): void => {
  const signedIn = signedInWith(database)
  router.get(
    '/',
    signedIn(async (request, response, session) => {
      const { show, done, by, about, after } = request.query
      const { frame, content } = await drawList(database, session, {
        tab: tabOf(show),
        filter: filterOf({ by, about }),
        after: isUuid(textOf(after)) ? textOf(after) : undefined,
        notice: noticeOf(done),
      })
      sendPage(response, frame, content)
    }),
  )
  router.get(
    '/proposals/:id',
    signedIn(async (request, response, session) => {
      const [id, notice] = [textOf(request.params['id']), noticeOf(request.query['done'])]
      const { frame, content } = await drawProposal(database, session, { id, notice })
      sendPage(response, frame, content)
    }),
  )
  const act =
    (action: Action): SignedInHandler =>
    async (request, response, session) => {
      const id = textOf(request.params['id'])
      const wish = {
        action,
        id,
        hash: fieldOf(request, 'hash'),
        note: fieldOf(request, 'note'),
        confirm: fieldOf(request, 'confirm'),
        places: fieldOf(request, 'items') === '' ? undefined : fieldsOf(request, 'place').map(Number),
      }
      try {
        const state = await decide(database, session, wish)
        response.redirect(303, `/inbox/proposals/${id}?done=${state}`)
      } catch (thrown) {
        const error = asTactError(thrown)
        if (error.kind === 'not-found') throw error
        const { notice, status } = refusalOf(error)
        const { frame, content } = await drawProposal(database, session, { id, notice })
        sendPage(response, frame, content, status)
      }
    }
  for (const action of ACTIONS) router.post(`/proposals/:id/${action}`, signedIn(act(action)))
}

/** Status that the body parser gives what it cannot read: too large, malformed. */
const unreadable = (thrown: unknown): number | undefined => {
  const status = (thrown as { status?: unknown } | null)?.status
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

const explain: ErrorRequestHandler = (thrown, _request, response, next) => {
  if (response.headersSent) {
    next(thrown)
    return
  }
  const status = unreadable(thrown)
  if (status !== undefined) {
    sendMessage(response, status, 'That did not work', 'The request could not be read.')
    return
  }
  const error = asTactError(thrown)
  if (error.kind === 'bug') log.error('inbox_failed', { error: error.code })
  sendMessage(response, STATUS[error.kind], 'That did not work', error.message)
}

export interface InboxOptions {
  readonly database: Database
  /** The house's, so that names are looked up in one dictionary; made anew when left out. */
  readonly privacy?: Privacy
  readonly limits?: InboxLimits
}

/**
 * The inbox, to be mounted at the root of the app: `/inbox` and below. Server-rendered, whole without its one script; people sign in
 * by a one-time link (`signInLink` in session.ts), and nothing that a program or a model carries is accepted.
 */
export const createInbox = ({
  database,
  privacy = createPrivacy(database),
  limits = INBOX_LIMITS,
}: InboxOptions): Router => {
  const inbox = express.Router()
  inbox.use(secureHeaders, refuseBearers, ownOriginOnly, limitForms(limits))
  inbox.use(['/sign-in', '/join'], limitSignIns(limits))
  inbox.use(readQueryForms(), readDecodeForm(), readEditForm())
  inbox.use(express.urlencoded({ extended: false, limit: '10kb', parameterLimit: 100 }))
  inbox.get('/style.css', (_request, response) => {
    response
      .type('css')
      .set('Cache-Control', 'public, max-age=300')
      .send(STYLE + QUERY_STYLE + READING_STYLE)
  })
  inbox.get('/icon.svg', (_request, response) => {
    response.type('svg').set('Cache-Control', 'public, max-age=300').send(ICON)
  })
  inbox.get('/keys.js', (_request, response) => {
    response.type('js').set('Cache-Control', 'public, max-age=300').send(KEYS)
  })
  inbox.get('/passkeys.js', (_request, response) => {
    response.type('js').set('Cache-Control', 'public, max-age=300').send(PASSKEY_SCRIPT)
  })
  mountSignIn(inbox, database)
  mountPasskeys(inbox, database, signedInWith(database))
  mountJoin(inbox, database)
  mountProposals(inbox, database)
  mountEdit(inbox, database, signedInWith(database))
  mountBulk(inbox, database, signedInWith(database))
  mountMembers(inbox, database)
  mountMailboxes(inbox, database, signedInWith(database))
  mountAccess(inbox, database)
  mountOverview(inbox, database)
  mountQuery(inbox, database, signedInWith(database))
  mountConversations(inbox, { database, privacy }, signedInWith(database))
  mountDashboard(inbox, database, signedInWith(database))
  mountSettings(inbox, database, signedInWith(database))
  mountStanding(inbox, database, signedInWith(database))
  mountWebhooks(inbox, database, signedInWith(database))
  inbox.use((_request, response) => {
    sendMessage(response, 404, 'Not here', 'There is no such page in the inbox.')
  })
  inbox.use(explain)
  const router = express.Router()
  router.use('/inbox', inbox)
  return router
}

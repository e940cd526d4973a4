import type { Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { addWebhook, listWebhooks, removeWebhook } from '../writeback/providers/webhooks.ts'
import type { Webhook } from '../writeback/providers/webhooks.ts'
import { memberName } from '../writeback/show.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, textOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

interface WebhooksPage {
  readonly webhooks: readonly Webhook[]
  /** The key of one that was just added: shown this once. */
  readonly secret: string | null
  readonly notice: Notice | undefined
  readonly csrf: string
}

const card = ({ id, url, waiting, sent, failed, failure }: Webhook, csrf: string): Html =>
  html`<article class="card">
    <h2><bdi>${url}</bdi></h2>
    <p class="meta">
      ${sent} told, ${waiting} waiting, ${failed} given
      up.${failure !== null && html` Last trouble: ${failure}.`}
    </p>
    <form class="acts" method="post" action="/inbox/webhooks/${id}/remove">
      <input type="hidden" name="csrf" value="${csrf}" /><button>Tell it nothing more</button>
    </form>
  </article>`

const secretBox = (secret: string | null): Content =>
  secret !== null &&
  html`<article class="card" aria-live="polite">
    <h2>Its key</h2>
    <p class="meta">It signs what is sent. It is shown this once; put it where the receiver reads it.</p>
    <p class="hash">${secret}</p>
  </article>`

const webhooksPage = ({ webhooks, secret, notice, csrf }: WebhooksPage): Html =>
  html`${noticeBox(notice)}
    <p class="back"><a href="/inbox/settings">← Settings</a></p>
    <h1>Other systems that are told</h1>
    ${secretBox(secret)}
    ${
      webhooks.length === 0
        ? html`<div class="card empty"><p>No other system is told of changes.</p></div>`
        : webhooks.map((one) => card(one, csrf))
    }
    <form class="card ask" method="post" action="/inbox/webhooks">
      <h2>Tell another system</h2>
      <p class="meta">It gets every change that is carried out or taken back, with the names in it.</p>
      <input type="hidden" name="csrf" value="${csrf}" />
      <label for="url">Its address</label>
      <input type="url" id="url" name="url" required />
      <div class="acts"><button class="main">Tell it from now on</button></div>
    </form>`

const show = async (
  database: Database,
  response: Response,
  { actor, csrf }: Session,
  {
    secret = null,
    refused,
  }: { readonly secret?: string | null; readonly refused?: ReturnType<typeof refusalOf> } = {},
): Promise<void> => {
  const { frame, content } = await asTenant(
    database,
    actor,
    async (tx) => {
      await assertStanding(tx, actor, 'policy')
      const { name: workspace } = await ownWorkspace(tx)
      const name = await memberName(tx, actor.memberId)
      const webhooks = await listWebhooks(tx)
      const person = { name, workspace, csrf }
      return {
        frame: { title: 'Webhooks', person },
        content: webhooksPage({ webhooks, secret, notice: refused?.notice, csrf }),
      }
    },
    { readOnly: true },
  )
  sendPage(response, frame, content, refused?.status)
}

/** `/webhooks`: which systems are told of changes; for those who set what leaves. */
export const mountWebhooks = (router: Router, database: Database, signedIn: SignedIn): void => {
  router.get(
    '/webhooks',
    signedIn((_request, response, session) => show(database, response, session)),
  )
  router.post(
    '/webhooks',
    signedIn(async (request, response, session) => {
      try {
        const { secret } = await addWebhook(database, session.actor, fieldOf(request, 'url'))
        await show(database, response, session, { secret })
      } catch (thrown) {
        await show(database, response, session, { refused: refusalOf(thrown) })
      }
    }),
  )
  router.post(
    '/webhooks/:id/remove',
    signedIn(async (request, response, session) => {
      try {
        await removeWebhook(database, session.actor, textOf(request.params['id']))
      } catch (thrown) {
        await show(database, response, session, { refused: refusalOf(thrown) })
        return
      }
      response.redirect(303, '/inbox/webhooks')
    }),
  )
}

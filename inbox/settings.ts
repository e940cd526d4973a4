import type { Request, Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { standingOf } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { choosePolicy, ownWorkspace, setFiscalMonth } from '../db/workspace.ts'
import type { Role } from '../domain/actor.ts'
import { MONTHS } from '../domain/fiscal.ts'
import { may } from '../domain/permissions.ts'
import { POLICIES } from '../domain/policy.ts'
import type { Policy } from '../domain/policy.ts'
import { memberName } from '../writeback/show.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

interface SettingsPage {
  readonly month: number
  readonly policy: Policy
  readonly acting: Role
  readonly csrf: string
  readonly notice: Notice | undefined
}

const choice = ({ month, csrf }: SettingsPage): Html =>
  html`<form method="post" action="/inbox/settings/fiscal-year">
    <input type="hidden" name="csrf" value="${csrf}" />
    <label for="month">The fiscal year starts in</label>
    <select id="month" name="month">
      ${MONTHS.map(
        (name, at) =>
          html`<option value="${String(at + 1)}" ${at + 1 === month && html`selected`}>${name}</option>`,
      )}
    </select>
    <div class="acts"><button class="main">Save</button></div>
  </form>`

const POLICY_WORDS: Readonly<Record<Policy, string>> = {
  strict: 'strict: also places, job titles and amounts',
  standard: 'standard: people, companies, deals, addresses and numbers that lead to them',
  'contacts-only': 'contacts-only: people and what reaches them',
  off: 'off: nothing, for a model on this machine alone',
}

const policyChoice = ({ policy, csrf }: SettingsPage): Html =>
  html`<form method="post" action="/inbox/settings/policy">
    <input type="hidden" name="csrf" value="${csrf}" />
    <label for="policy">Hidden from models</label>
    <select id="policy" name="policy">
      ${POLICIES.map((one) => html`<option value="${one}" ${one === policy && html`selected`}>${POLICY_WORDS[one]}</option>`)}
    </select>
    <div class="acts"><button class="main">Hide this</button></div>
  </form>`

const settingsPage = (page: SettingsPage): Html =>
  html`<h1>Settings</h1>
    ${noticeBox(page.notice)}
    <article class="card">
      <h2>Fiscal year</h2>
      <p class="meta">Read where a question says “this fiscal year” or “last fiscal quarter”.</p>
      ${page.acting === 'owner' || page.acting === 'admin' ? choice(page) : html`<p>It starts in ${MONTHS[page.month - 1]!}. Owners and admins can change that.</p>`}
    </article>
    <article class="card">
      <h2>What is hidden from models</h2>
      <p class="meta">
        For one client alone it is set <a href="/inbox/access">beside its token</a>. Who changed it stands in
        the audit.
      </p>
      ${may(page.acting, 'policy') ? policyChoice(page) : html`<p>${POLICY_WORDS[page.policy]}. Owners can change that.</p>`}
    </article>
    <article class="card">
      <h2><a href="/inbox/standing">Changes that pass without asking</a></h2>
      <p class="meta">Which kinds of change pass, how many a day and until when; what passed.</p>
    </article>
    <article class="card">
      <h2><a href="/inbox/webhooks">Other systems that are told</a></h2>
      <p class="meta">Addresses that are told of every change carried out or taken back.</p>
    </article>`

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
      const acting = await standingOf(tx, actor)
      const { name: workspace, fiscalYearMonth: month, policy } = await ownWorkspace(tx)
      const name = await memberName(tx, actor.memberId)
      return {
        frame: { title: 'Settings', person: { name, workspace, csrf } },
        content: settingsPage({ month, policy, acting, csrf, notice }),
      }
    },
    { readOnly: true },
  )
  sendPage(response, frame, content, status)
}

/** `/settings`: what is set for the whole workspace; owners and admins change it. */
export const mountSettings = (router: Router, database: Database, signedIn: SignedIn): void => {
  router.get(
    '/settings',
    signedIn((_request, response, session) => show(database, response, session)),
  )
  const saving = (save: (request: Request, session: Session) => Promise<void>) =>
    signedIn(async (request, response, session) => {
      try {
        await save(request, session)
      } catch (thrown) {
        await show(database, response, session, refusalOf(thrown))
        return
      }
      await show(database, response, session, { notice: { tone: 'good', text: 'Saved.' } })
    })
  router.post(
    '/settings/fiscal-year',
    saving((request, { actor }) => setFiscalMonth(database, actor, Number(fieldOf(request, 'month')))),
  )
  router.post(
    '/settings/policy',
    saving((request, { actor }) => choosePolicy(database, actor, fieldOf(request, 'policy'))),
  )
}

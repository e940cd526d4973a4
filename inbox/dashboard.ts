import type { Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { memberName } from '../writeback/show.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { drawFor } from './query-ask.ts'
import type { Drawn } from './query-ask.ts'
import { answerBody, failure } from './query-page.ts'
import { sendPage } from './reply.ts'
import type { SignedIn } from './signed-in.ts'

interface Panel {
  readonly heading: string
  readonly question: string
}

/** Questions like any that a person asks; each panel says what it counted, and shows the SQL that ran. */
export const PANELS: readonly Panel[] = [
  {
    heading: 'Open pipeline by stage',
    question: `select stage, currency, count(*) as deals, sum(amount) as amount
from deals where status = 'open' group by stage, currency order by currency, amount desc`,
  },
  {
    heading: 'Activity of the last twelve weeks',
    question: `select date_trunc('week', occurred_at) as week, count(*) as interactions
from interactions where occurred_at >= now() - interval '12 weeks' group by week order by week`,
  },
  {
    heading: 'Open deals that went quiet',
    question: `select name, stage, last_interaction_at
from deals where status = 'open' and last_interaction_at < now() - interval '30 days'
order by last_interaction_at limit 10`,
  },
]

const panel = ({ heading }: Panel, asked: Drawn): Html =>
  html`<article class="card">
    <h2>${heading}</h2>
    ${asked.ok ? answerBody(asked.answer) : failure(asked.error)}
  </article>`

const dashboardPage = (panels: readonly Html[]): Html =>
  html`<h1>Dashboard</h1>
    ${panels}`

/** `/dashboard`: pipeline, activity and what went quiet, as SVG and tables. */
export const mountDashboard = (router: Router, database: Database, signedIn: SignedIn): void => {
  router.get(
    '/dashboard',
    signedIn(async (_request, response, session) => {
      const { actor, csrf } = session
      const person = await asTenant(
        database,
        actor,
        async (tx) => ({
          name: await memberName(tx, actor.memberId),
          workspace: (await ownWorkspace(tx)).name,
          csrf,
        }),
        { readOnly: true },
      )
      const panels: Html[] = []
      for (const one of PANELS) panels.push(panel(one, await drawFor(database, session, one.question)))
      sendPage(response, { title: 'Dashboard', person }, dashboardPage(panels))
    }),
  )
}

import type { Router } from 'express'
import type { Database } from '../db/connect.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { readOverview } from '../tools/support/overview.ts'
import type { OverviewTable } from '../tools/support/overview.ts'
import { memberName } from '../writeback/show.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { sendPage } from './reply.ts'
import { signedInWith } from './signed-in.ts'

const tableCard = ({ title, about, columns, rows }: OverviewTable): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    <p class="meta">${about}</p>
    ${
      rows.length === 0
        ? html`<p>Nothing.</p>`
        : html`<table>
            <thead>
              <tr>
                ${columns.map((column) => html`<th scope="col">${column}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ({ cells, proposal }) =>
                  html`<tr>
                    ${cells.map(
                      (cell, place) =>
                        html`<td>
                          ${place === 0 && proposal !== undefined ? html`<a href="/inbox/proposals/${proposal}">${cell}</a>` : html`<bdi>${cell}</bdi>`}
                        </td>`,
                    )}
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`

const overviewPage = (tables: readonly OverviewTable[], notes: readonly string[]): Html =>
  html`<h1>Overview</h1>
    ${notes.length > 0 && html`<div class="notice" role="status">${notes.map((note) => html`<p>${note}</p>`)}</div>`}
    ${tables.map(tableCard)}`

/** `/inbox/overview`: what waits, the pipeline, meetings, chances and how they hold, customers lost, activity. */
export const mountOverview = (router: Router, database: Database): void => {
  const signedIn = signedInWith(database)
  router.get(
    '/overview',
    signedIn(async (_request, response, { actor, csrf }) => {
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      const { frame, content } = await asTenant(
        database,
        actor,
        async (tx) => {
          await assertStanding(tx, actor, 'read')
          const workspace = await ownWorkspace(tx)
          const { memberId } = actor
          const { found, notes } = await readOverview(tx, {
            memberId,
            timezone: workspace.timezone,
            now: nowOf(workspace),
            signal: gone.signal,
          })
          const name = await memberName(tx, memberId)
          return {
            frame: { title: 'Overview', person: { name, workspace: workspace.name, csrf } },
            content: overviewPage([...found.values()], notes),
          }
        },
        { readOnly: true },
      )
      sendPage(response, frame, content)
    }),
  )
}

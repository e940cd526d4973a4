import express from 'express'
import type { Request, Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { csvOf } from '../query/csv.ts'
import { memberName } from '../writeback/show.ts'
import type { Frame } from './layout.ts'
import { askFor, namesFor, openFor, replayFor } from './query-ask.ts'
import type { Asked } from './query-ask.ts'
import { queryPage } from './query-page.ts'
import { STATUS, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import type { SignedIn } from './signed-in.ts'
import { fieldOf, textOf } from './signed-in.ts'

/** A question is larger than the other forms: SQL may have 16 kB, and each byte three signs in a form. */
const LARGEST_FORM = '128kb'

const frameFor = (database: Database, { actor, csrf }: Session): Promise<Frame> =>
  asTenant(
    database,
    actor,
    async (tx) => ({
      title: 'Ask',
      person: {
        name: await memberName(tx, actor.memberId),
        workspace: (await ownWorkspace(tx)).name,
        csrf,
      },
    }),
    { readOnly: true },
  )

const questionIn = (request: Request): string => fieldOf(request, 'question').replaceAll('\r\n', '\n')

const show = async (
  database: Database,
  session: Session,
  response: Response,
  { question, asked }: { readonly question: string; readonly asked?: Asked },
): Promise<void> => {
  const frame = await frameFor(database, session)
  const saved = await namesFor(database, session)
  const page = { csrf: session.csrf, question, saved }
  if (asked === undefined) sendPage(response, frame, queryPage(page))
  else if (asked.ok)
    sendPage(response, frame, queryPage({ ...page, question: question || asked.written, asked }))
  else sendPage(response, frame, queryPage({ ...page, error: asked.error }), STATUS[asked.kind])
}

const sendCsv = (response: Response, columns: readonly string[], rows: Parameters<typeof csvOf>[1]): void => {
  response
    .type('text/csv')
    .set('Content-Disposition', 'attachment; filename="answer.csv"')
    .send(csvOf(columns, rows))
}

/** Reads the forms of the query page; stands before the reader of the other, smaller forms. */
export const readQueryForms = (): Router =>
  express
    .Router()
    .use(
      ['/query', '/query.csv'],
      express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: 20 }),
    )

/**
 * `/query`: a person asks in SQL or JSON, opens a view or a saved question, and sees a table, a chart and what was
 * counted; `/query.csv` downloads it. `/query/<id>` puts a kept question again and says what changed.
 */
export const mountQuery = (router: Router, database: Database, signedIn: SignedIn): void => {
  router.get(
    '/query',
    signedIn(async (request, response, session) => {
      const [view, saved] = [textOf(request.query['view']), textOf(request.query['saved'])]
      const asked = view + saved === '' ? undefined : await openFor(database, session, { view, saved })
      await show(database, session, response, { question: '', ...(asked && { asked }) })
    }),
  )
  router.get(
    '/query/:id',
    signedIn(async (request, response, session) => {
      const asked = await replayFor(database, session, textOf(request.params['id']))
      await show(database, session, response, { question: '', asked })
    }),
  )
  router.get(
    '/query/:id/csv',
    signedIn(async (request, response, session) => {
      const asked = await replayFor(database, session, textOf(request.params['id']))
      if (asked.ok) sendCsv(response, asked.answer.columns, asked.answer.rows)
      else await show(database, session, response, { question: '', asked })
    }),
  )
  router.post(
    '/query',
    signedIn(async (request, response, session) => {
      const question = questionIn(request)
      await show(database, session, response, { question, asked: await askFor(database, session, question) })
    }),
  )
  router.post(
    '/query.csv',
    signedIn(async (request, response, session) => {
      const question = questionIn(request)
      const asked = await askFor(database, session, question)
      if (asked.ok) sendCsv(response, asked.answer.columns, asked.answer.rows)
      else await show(database, session, response, { question, asked })
    }),
  )
}

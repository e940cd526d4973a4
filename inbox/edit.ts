import express from 'express'
import type { Request, Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { amend } from '../writeback/amend.ts'
import { amendmentsOf, editableFields } from '../writeback/editable.ts'
import type { EditableField } from '../writeback/editable.ts'
import { getProposal } from '../writeback/list.ts'
import { memberName } from '../writeback/show.ts'
import { readProposal } from '../writeback/store.ts'
import { editPage } from './edit-page.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, fieldsOf, textOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

/** 25 changes with long notes each; every byte may take three. */
const LARGEST_FORM = '2mb'
const MOST_PARAMETERS = 1_000

/** Reads the form of an edit; stands before the reader of the other, smaller forms. */
export const readEditForm = (): Router =>
  express
    .Router()
    .use(
      '/proposals/:id/edit',
      express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: MOST_PARAMETERS }),
    )

const load = (database: Database, { actor, csrf }: Session, id: string) =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const workspace = await ownWorkspace(tx)
      const shown = await getProposal({ tx, workspace, now: nowOf(workspace) }, id)
      const name = await memberName(tx, actor.memberId)
      const frame = { title: 'Edit', person: { name, workspace: workspace.name, csrf } }
      return { workspace, shown, frame, fields: editableFields(await readProposal(tx, id), shown) }
    },
    { readOnly: true },
  )

const writtenIn = (request: Request, fields: readonly EditableField[]): ReadonlyMap<string, string> =>
  new Map(
    fields.flatMap(({ name }) =>
      [name, `out-${name}`].flatMap((one): readonly (readonly [string, string])[] => {
        const [value] = fieldsOf(request, one)
        return value === undefined ? [] : [[one, value.replaceAll('\r\n', '\n')]]
      }),
    ),
  )

/** `/proposals/:id/edit`: a person says fields otherwise, or leaves them out, before anybody approves. */
export const mountEdit = (router: Router, database: Database, signedIn: SignedIn): void => {
  const show = async (
    response: Response,
    session: Session,
    {
      id,
      written = new Map<string, string>(),
      refused,
    }: {
      readonly id: string
      readonly written?: ReadonlyMap<string, string>
      readonly refused?: ReturnType<typeof refusalOf>
    },
  ): Promise<void> => {
    const { frame, shown, fields } = await load(database, session, id)
    const page = editPage({ shown, fields, csrf: session.csrf, written, notice: refused?.notice })
    sendPage(response, frame, page, refused?.status)
  }
  router.get(
    '/proposals/:id/edit',
    signedIn((request, response, session) => show(response, session, { id: textOf(request.params['id']) })),
  )
  router.post(
    '/proposals/:id/edit',
    signedIn(async (request, response, session) => {
      const id = textOf(request.params['id'])
      const { workspace, fields } = await load(database, session, id)
      const written = writtenIn(request, fields)
      try {
        await amend(database, {
          proposalId: id,
          hash: fieldOf(request, 'hash'),
          decider: session.actor,
          now: nowOf(workspace),
          workspace,
          amendments: amendmentsOf(fields, written),
        })
      } catch (thrown) {
        await show(response, session, { id, written, refused: refusalOf(thrown) })
        return
      }
      response.redirect(303, `/inbox/proposals/${id}?done=edited`)
    }),
  )
}

import { z } from 'zod'
import { asTenant } from '../../db/tenant.ts'
import { assertStanding } from '../../db/standing.ts'
import { nowOf, ownWorkspace } from '../../db/workspace.ts'
import { commitImport } from '../../writeback/imports/commit.ts'
import { dismissImport, stageImport } from '../../writeback/imports/run.ts'
import type { Staged } from '../../writeback/imports/run.ts'
import { lockImport, TABLE_KINDS } from '../../writeback/imports/store.ts'
import { IMPORT_KINDS } from '../../writeback/imports/slots.ts'
import { undoImport } from '../../writeback/imports/undo.ts'
import { conflict } from '../../domain/errors.ts'
import { weakTag } from './etag.ts'
import { ApiImport } from './list-imports.ts'
import { operation } from './operation.ts'
import type { ApiRequest, Kit, Operation } from './operation.ts'

const TAG = 'imports'
/** Characters of a file that comes inside a request; larger ones are a matter of `tact import`. */
export const MAX_FILE = 800_000

const Brought = z.strictObject({
  kind: z.enum(TABLE_KINDS),
  name: z.string().min(1).max(200).describe('Name of the file.'),
  text: z.string().min(1).max(MAX_FILE).describe('The file itself.'),
  rows_are: z.enum(IMPORT_KINDS).optional().describe('Guessed when left out.'),
  columns: z
    .record(z.string().max(200), z.string().max(100))
    .optional()
    .describe('Header to field (`people.name`), or to `none`; guessed when left out.'),
})

const One = z.object({ import: ApiImport, written: z.boolean() })
const WRITTEN = new Set(['committed'])

const showOne = async (
  { caller, signal }: Pick<ApiRequest, 'caller' | 'signal'>,
  id: string,
  { door }: Kit,
) => {
  const { data } = await door.call(caller, 'list_imports', { id }, signal)
  const [found] = (data as { readonly imports: readonly z.output<typeof ApiImport>[] }).imports
  return { import: found!, written: WRITTEN.has(found!.state) }
}

const list = operation({
  id: 'list_imports',
  method: 'get',
  path: '/crm/imports',
  tag: TAG,
  summary: 'The newest hundred imports of tables.',
  who: 'caller',
  headers: ['If-None-Match'],
  answers: { 200: { about: 'Newest first.', schema: z.object({ data: z.array(ApiImport) }) } },
  run: async ({ caller, signal }, { door }) => {
    const { data } = await door.call(caller, 'list_imports', {}, signal)
    const body = { data: (data as { readonly imports: unknown }).imports }
    return { status: 200, body, etag: weakTag(body) }
  },
})

const get = operation({
  id: 'get_import',
  method: 'get',
  path: '/crm/imports/{id}',
  tag: TAG,
  summary: 'One import: how its columns were read, and what it counted.',
  who: 'caller',
  headers: ['If-None-Match'],
  answers: { 200: { about: 'The import.', schema: One } },
  run: async (request, kit) => {
    const body = await showOne(request, request.params['id']!, kit)
    return { status: 200, body, etag: weakTag(body) }
  },
})

const idOf = (staged: Staged): string => (staged.status === 'staged' ? staged.importId : staged.stored.id)

const commit = async (
  { caller, signal }: Pick<ApiRequest, 'caller' | 'signal'>,
  importId: string,
  { database }: Kit,
) => {
  const { workspace, now } = await asTenant(database, caller.actor, async (tx) => {
    const own = await ownWorkspace(tx)
    return { workspace: own, now: nowOf(own) }
  })
  await commitImport(database, { importId, decider: caller.actor, workspace, now, signal })
}

const create = operation({
  id: 'create_import',
  method: 'post',
  path: '/crm/imports',
  tag: TAG,
  summary:
    'Brings a table: carried out for a signed-in person; for a program it is read, and waits for a person.',
  who: 'caller',
  body: Brought,
  answers: {
    200: { about: 'The same file was brought before.', schema: One },
    201: { about: 'Carried out.', schema: One },
    202: { about: 'Read and planned: it waits for a person.', schema: One },
  },
  run: async ({ caller, signal, body }, kit) => {
    const { actor } = caller
    const { workspace, role } = await asTenant(kit.database, actor, async (tx) => ({
      workspace: await ownWorkspace(tx),
      role: await assertStanding(tx, actor, 'propose'),
    }))
    // A program writes handles where the file has names.
    const text = caller.kind === 'agent' ? await kit.door.restore(caller, body.text) : body.text
    const staged = await stageImport(kit.database, {
      actor: { ...actor, role },
      workspace,
      now: nowOf(workspace),
      file: { kind: body.kind, bytes: Buffer.from(text, 'utf8'), fileName: body.name },
      mapping: {
        ...(body.rows_are === undefined ? {} : { kind: body.rows_are }),
        ...(body.columns === undefined ? {} : { given: body.columns }),
      },
    })
    const id = idOf(staged)
    const isNew = staged.status !== 'done'
    if (isNew && caller.kind === 'person') await commit({ caller, signal }, id, kit)
    const shown = await showOne({ caller, signal }, id, kit)
    return {
      status: isNew ? (shown.written ? 201 : 202) : 200,
      body: shown,
      location: `/api/crm/imports/${id}`,
    }
  },
})

const answered = { 200: { about: 'The import as it is now.', schema: One } }

const approve = operation({
  id: 'approve_import',
  method: 'post',
  path: '/crm/imports/{id}/approve',
  tag: TAG,
  summary: "A signed-in person's yes to an import as it was planned.",
  who: 'person',
  answers: answered,
  run: async (request, kit) => {
    const id = request.params['id']!
    await commit(request, id, kit)
    return { status: 200, body: await showOne(request, id, kit) }
  },
})

const notWaiting = () =>
  conflict('not_waiting', 'The import does not wait for a decision.', {
    fix: 'Undo takes a committed one back.',
  })

const refuse = operation({
  id: 'reject_import',
  method: 'post',
  path: '/crm/imports/{id}/reject',
  tag: TAG,
  summary: "A signed-in person's no to an import that waits: it is forgotten.",
  who: 'person',
  answers: { 200: { about: 'It is gone.', schema: z.object({ rejected: z.string() }) } },
  run: async ({ caller: { actor }, params }, { database }) => {
    const id = params['id']!
    await asTenant(database, actor, async (tx) => {
      await assertStanding(tx, actor, 'approve')
      const { state } = await lockImport(tx, id)
      if (state !== 'proposed') throw notWaiting()
    })
    await dismissImport(database, actor, id)
    return { status: 200, body: { rejected: id } }
  },
})

const takeBack = operation({
  id: 'undo_import',
  method: 'post',
  path: '/crm/imports/{id}/undo',
  tag: TAG,
  summary: 'Takes a committed import back: archives what it made, rejects what it proposed.',
  who: 'person',
  answers: answered,
  run: async (request, kit) => {
    const id = request.params['id']!
    await undoImport(kit.database, id, request.caller.actor)
    return { status: 200, body: await showOne(request, id, kit) }
  },
})

export const importOperations: readonly Operation[] = [list, get, create, approve, refuse, takeBack]

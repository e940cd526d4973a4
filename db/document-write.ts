import { DOCUMENT_FORMAT } from './document-check.ts'
import type { DocumentHead, DocumentRow, WorkspaceDocument } from './document-check.ts'
import { documentEntities, documentFields } from './document-shape.ts'
import { runText } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

const PAGE = 1000
const NO_ID = '00000000-0000-0000-0000-000000000000'
const HEAD = ['slug', 'name', 'vertical', 'timezone', 'currency', 'country', 'clock_at']

const withoutNulls = (names: readonly string[], values: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name, at) => (values[at] === null ? [] : [[name, values[at]]])))

const readHead = async (tx: TenantTx): Promise<DocumentHead> => {
  const { rows } = await runText(tx, `select ${HEAD.join(', ')} from core.tenants`, [])
  return withoutNulls(HEAD, rows[0]!) as unknown as DocumentHead
}

interface Page {
  readonly entity: string
  readonly rows: readonly DocumentRow[]
}

/** Every record, archived ones included: entities in the order of the document, records in the order of their ids. */
async function* pagesOf(tx: TenantTx): AsyncGenerator<Page> {
  for (const entity of documentEntities()) {
    const fields = documentFields(entity).map(({ name }) => name)
    const text = `select ${fields.map((name) => `"${name}"`).join(', ')} from ${entity.sqlName}
      where id > $1 order by id limit ${PAGE}`
    for (let after = NO_ID; ;) {
      const found = await runText(tx, text, [after])
      const rows = found.rows.map((row) => withoutNulls(fields, row) as unknown as DocumentRow)
      if (rows.length > 0) yield { entity: entity.name, rows }
      if (rows.length < PAGE) break
      after = rows.at(-1)!.id
    }
  }
}

/** The whole workspace of the transaction in memory. For small ones; `documentText` is for any. */
export const exportDocument = async (tx: TenantTx): Promise<WorkspaceDocument> => {
  const records: Record<string, DocumentRow[]> = {}
  for await (const { entity, rows } of pagesOf(tx)) (records[entity] ??= []).push(...rows)
  return { format: DOCUMENT_FORMAT, workspace: await readHead(tx), records }
}

/**
 * The workspace of the transaction as the text of its document, in pieces, always the same for the same workspace. Holds
 * one page of records at a time. Open the transaction with `snapshot`, so that all pieces are of one moment.
 */
export async function* documentText(
  tx: TenantTx,
  onProgress?: (entity: string, done: number) => void,
): AsyncGenerator<string> {
  let [open, done] = ['', 0]
  const head = JSON.stringify({ format: DOCUMENT_FORMAT, workspace: await readHead(tx) })
  yield `${head.slice(0, -1)},"records":{`
  for await (const { entity, rows } of pagesOf(tx)) {
    const before = entity === open ? ',' : `${open === '' ? '' : '],'}${JSON.stringify(entity)}:[`
    yield `${before}${rows.map((row) => JSON.stringify(row)).join(',')}`
    open = entity
    done += rows.length
    onProgress?.(entity, done)
  }
  yield `${open === '' ? '' : ']'}}}`
}

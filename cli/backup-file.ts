import { createHash } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import { BASE_COLUMNS } from '../db/catalog/define.ts'
import { checkDocument } from '../db/document-check.ts'
import type { DocumentRow, WorkspaceDocument } from '../db/document-check.ts'
import { userError } from '../domain/errors.ts'

const FORMAT = 'tact-backup/1'
const Header = z.strictObject({
  format: z.literal(FORMAT),
  workspace: z.string(),
  made_at: z.iso.datetime(),
  records: z.int(),
  /** Of everything after this line. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackupHeader = z.infer<typeof Header>

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const compress = promisify(gzip)
const expand = promisify(gunzip)

/** Writes a document with its checksum: whole or not at all. Answers what the header says. */
export const writeBackupFile = async (
  path: string,
  document: WorkspaceDocument,
  at: Date,
): Promise<BackupHeader> => {
  const body = JSON.stringify(document)
  const header: BackupHeader = {
    format: FORMAT,
    workspace: document.workspace.slug,
    made_at: at.toISOString(),
    records: Object.values(document.records).reduce((sum, rows) => sum + rows.length, 0),
    sha256: sha256(body),
  }
  await writeFile(`${path}.part`, await compress(`${JSON.stringify(header)}\n${body}`), { mode: 0o600 })
  await rename(`${path}.part`, path)
  return header
}

const notOurs = (cause?: unknown) =>
  userError('not_a_backup', 'That file is not a backup that Tact wrote. Nothing was changed.', {
    fix: '`tact backup <file>` writes one; `tact import workspace` takes a document.',
    cause,
  })

/** Reads a backup and verifies its checksum. Throws `not_a_backup` and `backup_damaged`. */
export const readBackupFile = async (
  bytes: Uint8Array,
): Promise<{ readonly header: BackupHeader; readonly document: WorkspaceDocument }> => {
  const text = await expand(bytes).then(
    (plain) => plain.toString('utf8'),
    (cause: unknown) => {
      throw bytes[0] === 0x1f && bytes[1] === 0x8b ? damaged(cause) : notOurs(cause)
    },
  )
  const end = text.indexOf('\n')
  const header = Header.safeParse(parsed(text.slice(0, Math.max(0, end))))
  if (!header.success) throw notOurs()
  const body = text.slice(end + 1)
  if (sha256(body) !== header.data.sha256) throw damaged()
  return { header: header.data, document: checkDocument(JSON.parse(body)).document }
}

const damaged = (cause?: unknown) =>
  userError('backup_damaged', 'The backup is damaged: its checksum does not match. Nothing was changed.', {
    fix: 'Take another one.',
    cause,
  })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What restoring would do to the records of one entity. */
export interface EntityDifference {
  readonly entity: string
  /** In the backup and not here: they come back. */
  readonly missing: number
  /** Here and different: they become as they were. */
  readonly changed: number
  readonly same: number
  /** Here and not in the backup, made since: they stay. */
  readonly newer: number
}

/** Stamps are the database's own: they do not tell two records apart. */
const STAMPS = new Set(BASE_COLUMNS.filter((name) => name !== 'deleted_at'))

const contentOf = (row: DocumentRow): string =>
  JSON.stringify(Object.entries(row).filter(([name, value]) => !STAMPS.has(name) && value !== null))

/** Compares a backup with the workspace as it is now, or with nothing. */
export const compareDocuments = (
  backup: WorkspaceDocument,
  present: WorkspaceDocument | undefined,
): readonly EntityDifference[] => {
  const names = new Set([...Object.keys(backup.records), ...Object.keys(present?.records ?? {})])
  return [...names].map((entity) => {
    const here = new Map((present?.records[entity] ?? []).map((row) => [row.id, row]))
    const [kept, before] = [new Set<string>(), backup.records[entity] ?? []]
    let [missing, changed, same] = [0, 0, 0]
    for (const row of before) {
      const now = here.get(row.id)
      kept.add(row.id)
      if (!now) missing += 1
      else if (contentOf(now) === contentOf(row)) same += 1
      else changed += 1
    }
    const newer = [...here.keys()].filter((id) => !kept.has(id)).length
    return { entity, missing, changed, same, newer }
  })
}

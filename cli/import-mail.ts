import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { VISIBILITIES, type Visibility } from '../db/catalog/mailboxes.ts'
import { userError } from '../domain/errors.ts'
import { faultyMessages } from '../mail/faulty.ts'
import { FAULTS, type Fault } from '../mail/faults.ts'
import { importMail, type ImportMailOptions, type ImportResult, type MailKind } from '../mail/import.ts'
import { previewMail, type MailPreview } from '../mail/preview.ts'
import { waitForNews, type ImapAccount } from '../mail/read/imap.ts'
import { syncMailbox } from '../mail/sync-mailbox.ts'
import { common, withDesk, type CommandContext, type CommonOptions } from './command.ts'
import type { Desk, House } from './compose.ts'
import { writeJson, type Io } from './io.ts'
import { progressBar } from './progress.ts'
import { drawTable } from './table.ts'

const KIND_WORDS: Record<MailKind, string> = {
  mbox: 'an mbox file',
  eml: 'an .eml file, or a directory of them',
  maildir: 'a Maildir',
  'mail-tree': 'a directory that holds any of these',
}

export interface MailOptions extends CommonOptions {
  readonly report?: string
  readonly visibility?: string
  readonly exclude?: readonly string[]
}

export const VISIBILITY = [
  '--visibility <who>',
  'of a mailbox that is new: owner (unless said: nobody but you), subject (others see who, when and the subject), team',
] as const
export const EXCLUDE = [
  '--exclude <address...>',
  'leave out mail from or to these addresses and domains',
] as const

export const visibilityOf = (text: string | undefined): Visibility | undefined => {
  const found = VISIBILITIES.find((one) => one === text)
  if (text === undefined || found !== undefined) return found
  throw userError('unknown_visibility', 'There is no visibility of that name.', {
    validOptions: VISIBILITIES,
  })
}

export const scopeOf = ({ visibility, exclude }: MailOptions) => ({
  visibility: visibilityOf(visibility),
  excluded: exclude,
})

export const REPORT = [
  '--report <file>',
  'write every message you can see that is kept with a fault, as JSON lines',
] as const

export const writeReport = async (io: Io, house: House, { actor }: Desk, file: string): Promise<void> => {
  const lines: string[] = []
  for await (const message of faultyMessages(house.database, actor))
    lines.push(`${JSON.stringify(message)}\n`)
  await writeFile(resolve(io.cwd, file), lines.join(''), { mode: 0o600 })
}

const SEEN_BY: Readonly<Record<Visibility, string>> = {
  owner: 'Nobody but you sees this mail.',
  subject: 'Others see who wrote to whom, when, and the subject; nobody but you the rest.',
  team: 'Everybody in the workspace sees this mail.',
}

export const say = (io: Io, options: CommonOptions, { counts, resumed, mailbox }: ImportResult): void => {
  const interrupted = io.signal.aborted
  if (options.json)
    return writeJson(io, {
      ...counts,
      resumed,
      interrupted,
      mailbox: mailbox.id,
      visibility: mailbox.visibility,
    })
  if (resumed) io.out('Went on where the last run stopped.\n')
  io.out(
    `${counts.seen} read: ${counts.imported} imported (${counts.linked} linked to people, ${counts.faulty} kept with a fault), ${counts.duplicates} already here${counts.excluded ? `, ${counts.excluded} left out by your scope` : ''}.\n`,
  )
  io.out(`${SEEN_BY[mailbox.visibility]} (tact mailbox visibility ${mailbox.id} …)\n`)
  if (interrupted) io.out('Interrupted: run the same command again to go on.\n')
}

const sayPreview = (io: Io, options: CommonOptions, preview: MailPreview): void => {
  const { counts, faults, oldestAt, newestAt } = preview
  if (options.json) return writeJson(io, { ...counts, faults, oldestAt, newestAt, dryRun: true })
  io.out(
    `${counts.seen} read, nothing written: ${counts.imported} would come in (${counts.linked} linked to people, ${counts.faulty} kept with a fault), ${counts.duplicates} are here already${counts.excluded ? `, ${counts.excluded} left out by your scope` : ''}.\n`,
  )
  if (oldestAt !== null && newestAt !== null)
    io.out(`They are of ${oldestAt.slice(0, 10)} to ${newestAt.slice(0, 10)}.\n`)
  if (counts.faulty > 0)
    drawTable(
      io,
      ['Fault', 'Messages', 'Meaning'],
      Object.entries(faults).map(([fault, count]) => [fault, String(count), FAULTS[fault as Fault]]),
    )
}

export const mailCommand = (kind: MailKind, context: CommandContext): Command =>
  common(kind, `import ${KIND_WORDS[kind]}; can be interrupted and run again`)
    .argument('<path>')
    .option(...VISIBILITY)
    .option(...EXCLUDE)
    .option(...REPORT)
    .option('--dry-run', 'say what would come in, and write nothing')
    .action(async (path: string, options: MailOptions & { readonly dryRun?: boolean }) => {
      const { io } = context
      await withDesk(context, options, 'cli', async (house, desk) => {
        const bar = progressBar(io, 'Messages')
        const asked: ImportMailOptions = {
          database: house.database,
          actor: desk.actor,
          kind,
          path: resolve(io.cwd, path),
          scope: scopeOf(options),
          signal: io.signal,
          now: desk.now(),
          onProgress: (progress) => bar.update(progress.counts.seen, progress.total),
        }
        if (options.dryRun === true) {
          const preview = await previewMail(asked)
          bar.end()
          return sayPreview(io, options, preview)
        }
        const result = await importMail(asked)
        bar.end()
        if (options.report !== undefined) await writeReport(io, house, desk, options.report)
        say(io, options, result)
      })
    })

interface ImapOptions extends MailOptions {
  readonly passwordFile?: string
  readonly tokenFile?: string
  readonly folder?: readonly string[]
  readonly watch?: boolean
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'imap:': 143, 'imaps:': 993 }
/** Mail is looked for this often even where the server tells of none. */
const WATCH_MS = 5 * 60_000

export const secretIn = async (io: Io, file: string | undefined): Promise<string | undefined> =>
  file === undefined
    ? undefined
    : (
        await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
          throw userError('unreadable_file', 'The file with the password or token cannot be read.', { cause })
        })
      ).trim()

const accountOf = async (io: Io, address: string, options: ImapOptions): Promise<ImapAccount> => {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const port = url === undefined ? undefined : DEFAULT_PORTS[url.protocol]
  if (!url || port === undefined || url.username === '' || url.password !== '') {
    throw userError('not_a_mailbox', 'This is not the address of a mailbox.', {
      fix: 'Write imaps://user%40house.example@mail.house.example, the password in a file of its own.',
    })
  }
  const password = await secretIn(io, options.passwordFile)
  const accessToken = await secretIn(io, options.tokenFile)
  if ((password === undefined) === (accessToken === undefined)) {
    throw userError('no_password', 'A password or a token is needed to sign in.', {
      fix: 'Give one of --password-file and --token-file.',
    })
  }
  return {
    host: url.hostname,
    port: url.port === '' ? port : Number(url.port),
    secure: url.protocol === 'imaps:',
    user: decodeURIComponent(url.username),
    password,
    accessToken,
    folders: options.folder,
  }
}

export const imapCommand = (context: CommandContext): Command =>
  common('imap', 'bring in what is new in your mailbox (IMAP)')
    .argument('<url>', 'imaps://user@host, or imap:// with STARTTLS')
    .option('--password-file <file>', 'file that holds the password')
    .option('--token-file <file>', 'file that holds an OAuth2 access token, in place of a password')
    .option('--folder <name...>', 'only these folders; otherwise all but junk, trash and drafts')
    .option('--watch', 'stay, and bring in new mail as it comes')
    .option(...VISIBILITY)
    .option(...EXCLUDE)
    .option(...REPORT)
    .action(async (address: string, options: ImapOptions) => {
      const { io } = context
      const account = await accountOf(io, address, options)
      await withDesk(context, options, 'cli', async (house, desk) => {
        for (;;) {
          const bar = progressBar(io, 'Messages')
          const result = await syncMailbox({
            database: house.database,
            actor: desk.actor,
            account,
            scope: scopeOf(options),
            signal: io.signal,
            now: desk.now(),
            onProgress: ({ counts }) => bar.update(counts.seen, undefined),
          })
          bar.end()
          if (options.report !== undefined) await writeReport(io, house, desk, options.report)
          say(io, options, result)
          if (options.watch !== true || io.signal.aborted) return
          await waitForNews(account, { atMostMs: WATCH_MS, signal: io.signal })
          if (io.signal.aborted) return
        }
      })
    })

import type { Command } from 'commander'
import { userError } from '../domain/errors.ts'
import { googleTokens, readGoogleKey } from '../mail/read/google-key.ts'
import { syncGmail } from '../mail/sync-mailbox.ts'
import { common, withDesk, type CommandContext } from './command.ts'
import {
  EXCLUDE,
  REPORT,
  say,
  scopeOf,
  secretIn,
  VISIBILITY,
  writeReport,
  type MailOptions,
} from './import-mail.ts'
import { progressBar } from './progress.ts'

interface GmailOptions extends MailOptions {
  readonly keyFile?: string
  readonly label?: readonly string[]
  readonly api?: string
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

const apiOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname)))
    return url.origin
  throw userError('unsafe_address', 'Mail is read over https alone.', { fix: 'Write --api https://…' })
}

export const gmailCommand = (context: CommandContext): Command =>
  common('gmail', 'bring in what is new in your Gmail mailbox')
    .argument('<address>', 'address of the mailbox')
    .option('--key-file <file>', 'JSON file of a service account with delegation, or of a signed-in user')
    .option('--label <name...>', 'only these labels; otherwise all but spam, trash, drafts and chats')
    .option('--api <url>', 'where the Gmail API is, if not at Google itself')
    .option(...VISIBILITY)
    .option(...EXCLUDE)
    .option(...REPORT)
    .action(async (address: string, options: GmailOptions) => {
      const { io } = context
      const user = address.trim().toLowerCase()
      const text = await secretIn(io, options.keyFile)
      if (text === undefined || !/^[^\s@]+@[^\s@]+$/.test(user))
        throw userError('no_key', 'An address and a key file of Google are needed.', {
          fix: 'Write tact import gmail you@house.example --key-file key.json',
        })
      const apiUrl = apiOf(options.api)
      const tokens = googleTokens(readGoogleKey(text), user, { signal: io.signal })
      await withDesk(context, options, 'cli', async (house, desk) => {
        const bar = progressBar(io, 'Messages')
        const result = await syncGmail({
          database: house.database,
          actor: desk.actor,
          account: { user, tokens, labels: options.label, apiUrl },
          scope: scopeOf(options),
          signal: io.signal,
          now: desk.now(),
          onProgress: ({ counts }) => bar.update(counts.seen, undefined),
        })
        bar.end()
        if (options.report !== undefined) await writeReport(io, house, desk, options.report)
        say(io, options, result)
      })
    })

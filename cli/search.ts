import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { TactError } from '../domain/errors.ts'
import { openTerminal } from './terminal.ts'
import { drawTable } from './table.ts'
import { writeJson } from './io.ts'

interface SearchOptions extends CommonOptions {
  readonly from?: string
  readonly to?: string
  readonly with?: string
  readonly after?: string
  readonly before?: string
  readonly limit?: string
}

interface Hit {
  readonly sent_at: string
  readonly from: string
  readonly subject: string
  readonly snippet: string
  readonly id: string
}

export const searchCommand: CommandMaker = (context: CommandContext) =>
  common('search', 'search mail; names are shown, this is your own screen')
    .argument('[words...]', 'what to look for; "exact phrase" and -without work')
    .option('--from <who>', 'sender: an address, or a record id such as people:…')
    .option('--to <who>', 'recipient')
    .option('--with <who>', 'sender or recipient')
    .option('--after <date>')
    .option('--before <date>')
    .option('--limit <n>')
    .action(async (words: string[], options: SearchOptions) => {
      await withDesk(context, options, 'cli', async (house, desk) => {
        const { io } = context
        const { actor, conversationId } = await openTerminal(house, desk)
        const { from, to, with: party, after, before, limit } = options
        const wanted = {
          query: words.join(' ') || undefined,
          from,
          to,
          with: party,
          after,
          before,
          limit: limit === undefined ? undefined : Number(limit),
        }
        const outcome = await house.toolbox.call(
          'search_email',
          Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
          { actor, conversationId, signal: io.signal },
        )
        if (!outcome.ok) {
          const { code, message, fix, valid_options: validOptions } = outcome.error
          throw new TactError('user', code, message, {
            ...(fix ? { fix } : {}),
            ...(validOptions ? { validOptions } : {}),
          })
        }
        const session = await house.privacy.open(actor, conversationId)
        const shown = (await session.restoreTree(outcome.result)) as {
          data: unknown
          completeness: { total: number; returned: number } | null
        }
        if (options.json) return writeJson(io, shown)
        const hits = (
          Array.isArray(shown.data) ? shown.data : ((shown.data as { emails?: Hit[] }).emails ?? [])
        ) as Hit[]
        drawTable(
          io,
          ['Date', 'From', 'Subject', 'Text'],
          hits.map((hit) => [hit.sent_at.slice(0, 10), hit.from, hit.subject, hit.snippet]),
        )
        if (shown.completeness) io.out(`${shown.completeness.returned} of ${shown.completeness.total}\n`)
      })
    })

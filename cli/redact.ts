import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { notFound, userError } from '../domain/errors.ts'
import { isPolicy, POLICIES, type Policy } from '../domain/policy.ts'
import { createMemoryStore } from '../redaction/memory-store.ts'
import { scrub } from '../redaction/scrub.ts'
import { openVault } from '../redaction/vault.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson, type Io } from './io.ts'
import { readDictionary } from './read-dictionary.ts'
import { openTerminal } from './terminal.ts'

interface RedactOptions extends CommonOptions {
  readonly restore?: boolean
  readonly spans?: boolean
  readonly policy?: string
  readonly dictionary?: string
  readonly countries?: string
}

const readAll = async (io: Io): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Buffer | string))
  return Buffer.concat(chunks).toString('utf8')
}

const policyOf = (text: string | undefined): Policy | undefined => {
  if (text === undefined || isPolicy(text)) return text
  throw userError('unknown_policy', 'There is no policy of that name.', { validOptions: POLICIES })
}

const readFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw notFound('no_dictionary', 'The dictionary file cannot be read.', { fix: 'Check its path.' })
  }
}

/** Against a list instead of a workspace: nothing is stored, so that nothing can be put back either. */
const redactByList = async (io: Io, text: string, path: string, options: RedactOptions): Promise<void> => {
  if (options.restore) {
    throw userError(
      'nothing_to_restore',
      'Handles made from a list are not kept, so they cannot be put back.',
      {
        fix: 'Leave --dictionary away to work with the handles of the workspace.',
      },
    )
  }
  const countries = (options.countries ?? 'US').split(',')
  const vault = await openVault({ conversationKey: randomBytes(32), store: createMemoryStore() })
  const result = await scrub(text, {
    dictionary: readDictionary(readFile(path), countries),
    active: new Set<string>(),
    mode: 'content',
    countries,
    policy: policyOf(options.policy) ?? 'standard',
    vault,
  })
  if (options.spans) writeJson(io, { spans: result.spans })
  else if (options.json) writeJson(io, { text: result.text })
  else io.out(result.text)
}

export const redactCommand: CommandMaker = (context: CommandContext) =>
  common('redact', 'hide what the workspace knows in a text, stdin to stdout')
    .option('--restore', 'put the names back instead')
    .option('--spans', 'what would be hidden, as JSON, instead of the text')
    .option('--policy <policy>', `for this text: ${POLICIES.join(', ')}`)
    .option(
      '--dictionary <csv>',
      'hide the names of a list (name,type,email,phone,domain), without a workspace',
    )
    .option('--countries <codes>', 'with --dictionary: countries of its phone numbers, e.g. US,GB')
    .action(async (options: RedactOptions) => {
      const { io } = context
      const policy = policyOf(options.policy)
      const text = await readAll(io)
      if (options.dictionary !== undefined) return redactByList(io, text, options.dictionary, options)
      await withDesk(context, options, 'cli', async (house, desk) => {
        const { actor, conversationId } = await openTerminal(house, desk)
        const session = await house.privacy.open(
          actor,
          conversationId,
          policy === undefined ? {} : { policy },
        )
        if (options.spans) return writeJson(io, { spans: await session.findSpans(text) })
        const result = options.restore ? await session.restoreText(text) : await session.scrubContent(text)
        if (options.json) writeJson(io, { text: result })
        else io.out(result)
      })
    })

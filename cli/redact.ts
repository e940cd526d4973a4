import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { modelSide } from './compose.ts'
import { writeJson, type Io } from './io.ts'
import { TERMINAL_CONVERSATION } from './tool.ts'

interface RedactOptions extends CommonOptions {
  readonly restore?: boolean
  readonly spans?: boolean
}

const readAll = async (io: Io): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Buffer | string))
  return Buffer.concat(chunks).toString('utf8')
}

export const redactCommand: CommandMaker = (context: CommandContext) =>
  common('redact', 'hide what the workspace knows in a text, stdin to stdout')
    .option('--restore', 'put the names back instead')
    .option('--spans', 'what would be hidden, as JSON, instead of the text')
    .action(async (options: RedactOptions) => {
      const { io } = context
      const text = await readAll(io)
      await withDesk(context, options, 'cli', async (house, desk) => {
        const actor = modelSide(desk.actor)
        const conversation = await asTenant(house.database, actor, (tx) =>
          openConversation(tx, {
            channel: 'chat',
            externalKey: `${TERMINAL_CONVERSATION}:${actor.memberId}`,
            memberId: actor.memberId,
          }),
        )
        const session = await house.privacy.open(actor, conversation.id)
        if (options.spans) return writeJson(io, { spans: await session.findSpans(text) })
        const result = options.restore ? await session.restoreText(text) : await session.scrubContent(text)
        if (options.json) writeJson(io, { text: result })
        else io.out(result)
      })
    })

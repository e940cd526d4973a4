import { takeRun } from '../db/agent-runs.ts'
import { forgetConversation, openConversation, readTurns } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { isUuid, newId } from '../domain/ids.ts'
import { readLegend } from '../agent/legend.ts'
import { modelSide, type Desk, type House } from './compose.ts'
import type { ChatState } from './chat.ts'
import type { Io } from './io.ts'
import { changePreference } from './preferences.ts'
import { runProposalCommand } from './proposals.ts'
import { drawWatches, watchInChat } from './watch.ts'

const HELP = `Ask in plain words. Other things you can type:
  /approve [id]           approve the last proposal, or the one named
  /reject [id]            reject it
  /undo [id]              take an executed proposal back
  /resume                 go on with an answer that broke off
  /history                what was said in this conversation
  /forget                 forget this conversation: nothing of it can be put back into names
  /prefer <name> [value]  how you are answered (stale_days, style); no value drops it
  /watch <name>           be told when a person or company writes; so does “tell me when … replies”
  /unwatch <name>         be told no longer; /watches lists them
  /new                    start a new conversation
  /help                   this text
  /quit                   leave (Ctrl-D does too)
`

interface Seat {
  readonly house: House
  readonly desk: Desk
  readonly io: Io
}

const placeOf = (state: ChatState, desk: Desk) =>
  ({ channel: 'chat', externalKey: state.conversation, memberId: desk.actor.memberId }) as const

const history = async (state: ChatState, { house, desk, io }: Seat): Promise<void> => {
  const actor = modelSide(desk.actor)
  const { id, turns } = await asTenant(house.database, actor, async (tx) => {
    const opened = await openConversation(tx, placeOf(state, desk))
    return { id: opened.id, turns: await readTurns(tx, opened.id) }
  })
  const privacy = await house.privacy.open(actor, id)
  for (const { role, content } of turns) {
    const { text } = content as { text: string }
    const said = await privacy.restoreText(role === 'user' ? readLegend(text).said : text)
    io.out(role === 'user' ? `› ${said}\n` : `${said}\n\n`)
  }
  if (turns.length === 0) io.out('Nothing was said yet.\n')
}

const forget = async (state: ChatState, { house, desk, io }: Seat): Promise<void> => {
  await asTenant(house.database, modelSide(desk.actor), async (tx) => {
    const { id } = await openConversation(tx, placeOf(state, desk))
    await forgetConversation(tx, id)
  })
  state.conversation = newId()
  state.lastProposal = undefined
  io.out('Forgotten. A new conversation begins.\n')
}

/** What a line that begins with a slash asks for; `resume` hands back the answer to go on with. */
export const slash = async (
  line: string,
  state: ChatState,
  seat: Seat,
): Promise<'go-on' | 'quit' | { readonly resume: NonNullable<Awaited<ReturnType<typeof takeRun>>> }> => {
  const { house, desk, io } = seat
  const [word, ...rest] = line.slice(1).split(/\s+/)
  const id = rest.find((one) => isUuid(one.toLowerCase())) ?? state.lastProposal
  switch (word) {
    case 'quit':
    case 'exit':
      return 'quit'
    case 'new':
      state.conversation = newId()
      io.out('A new conversation.\n')
      return 'go-on'
    case 'history':
      await history(state, seat)
      return 'go-on'
    case 'forget':
      await forget(state, seat)
      return 'go-on'
    case 'prefer': {
      const [name = '', ...value] = rest
      await changePreference(house, desk, { name, value: value.length > 0 ? value.join(' ') : undefined })
      io.out('Noted.\n')
      return 'go-on'
    }
    case 'watch':
    case 'unwatch':
      await watchInChat(house, desk, { io, whom: rest.join(' '), verb: word })
      return 'go-on'
    case 'watches':
      await drawWatches(house, desk, io)
      return 'go-on'
    case 'resume': {
      const actor = modelSide(desk.actor)
      const run = await asTenant(house.database, actor, (tx) => takeRun(tx, { actor }))
      if (run) return { resume: run }
      io.out('No answer of yours broke off, or it is still being worked on.\n')
      return 'go-on'
    }
    case 'approve':
    case 'reject':
    case 'undo':
      if (id) {
        const confirm = rest.filter((one) => one !== id)
        await runProposalCommand(
          word,
          id,
          { house, desk, io, json: false },
          { confirm: [...confirm, confirm.join(' ')] },
        )
      } else io.out('There is no proposal to decide on yet.\n')
      return 'go-on'
    default:
      io.out(HELP)
      return 'go-on'
  }
}

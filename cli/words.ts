import { withoutLegend } from '../agent/legend.ts'
import { isMeaning, meanings } from '../agent/model/offline/teach.ts'
import { dropWord, listTaughtWords, listUnread, teachWord } from '../db/memory.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { notFound, userError } from '../domain/errors.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { Desk, House } from './compose.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

const WORD = /^[\p{L}\p{N}][\p{L}\p{N}' -]{1,39}$/u

/** Teaches the offline planner a word of the team. Throws a user error for words and meanings that cannot be taught. */
export const teach = async (
  house: House,
  { actor }: Desk,
  { word, means }: { readonly word: string; readonly means: string },
): Promise<void> => {
  if (!WORD.test(word))
    throw userError('bad_word', 'That is not a word that can be taught.', {
      fix: 'Give one to three words of letters.',
    })
  if (!isMeaning(means))
    throw userError('unknown_meaning', 'The planner does not know what that word should mean.', {
      validOptions: meanings(),
    })
  await asTenant(house.database, actor, async (tx) => {
    await assertStanding(tx, actor, 'propose')
    await teachWord(tx, actor.memberId, { word, means })
  })
}

/** The team's own words for the offline planner, and what it could not read. */
export const wordsCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const words = group('words', "your team's own words, for the offline planner")
  words.addCommand(
    common('list', 'words that were taught').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(house.database, actor, listTaughtWords, { readOnly: true })
        if (options.json) return writeJson(io, { words: found })
        if (found.length === 0) return io.out('None were taught.\n')
        drawTable(
          io,
          ['Word', 'Means'],
          found.map(({ word, means }) => [word, means]),
        )
      })
    }),
  )
  words.addCommand(
    common('teach', 'say what a word means')
      .argument('<word>')
      .argument('<means>', `such as: ${meanings().join(', ')}`)
      .action(async (word: string, means: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          await teach(house, desk, { word, means })
          if (options.json) writeJson(io, { word, means })
          else io.out(`“${word}” now means ${means}.\n`)
        })
      }),
  )
  words.addCommand(
    common('forget', 'drop a word')
      .argument('<word>')
      .action(async (word: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const isThere = await asTenant(house.database, actor, async (tx) => {
            await assertStanding(tx, actor, 'propose')
            return dropWord(tx, word)
          })
          if (!isThere) throw notFound('no_word', 'That word was not taught.')
          if (options.json) writeJson(io, { forgotten: word })
          else io.out('Forgotten.\n')
        })
      }),
  )
  words.addCommand(
    common('unread', 'questions of yours that could not be read').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(house.database, actor, (tx) => listUnread(tx, actor.memberId), {
          readOnly: true,
        })
        const unread: { at: string; question: string }[] = []
        for (const { conversation_id, question, created_at } of found) {
          const privacy = await house.privacy.open({ ...actor, via: 'chat' }, conversation_id)
          unread.push({
            at: created_at.slice(0, 16),
            question: await privacy.restoreText(withoutLegend(question)),
          })
        }
        if (options.json) return writeJson(io, { unread })
        if (unread.length === 0) return io.out('There is none.\n')
        drawTable(
          io,
          ['When', 'Question'],
          unread.map(({ at, question }) => [at, question]),
        )
      })
    }),
  )
  return words
}

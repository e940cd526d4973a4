import { readLegend } from '../agent/legend.ts'
import { lessonFor, type Lesson } from '../agent/model/offline/teach.ts'
import { listTaughtWords, listUnread } from '../db/memory.ts'
import { asTenant } from '../db/tenant.ts'
import { loadVocabulary } from '../query/vocabulary.ts'
import type { Desk, House } from './compose.ts'
import type { Io } from './io.ts'

/** What the member's last unread question would mean, were its one unknown word known. Readings have names. */
export const lessonAfter = async (house: House, desk: Desk): Promise<Lesson | undefined> => {
  const { actor, workspace } = desk
  const { unread, vocabulary, taught } = await asTenant(
    house.database,
    actor,
    async (tx) => ({
      unread: (await listUnread(tx, actor.memberId, 1))[0],
      vocabulary: await loadVocabulary(tx),
      taught: await listTaughtWords(tx),
    }),
    { readOnly: true },
  )
  if (!unread) return undefined
  const lesson = lessonFor({
    turns: [readLegend(unread.question)],
    vocabulary: { ...vocabulary, synonyms: taught.map(({ word, means }) => [word, means] as const) },
    now: desk.now(),
    timezone: workspace.timezone,
    tools: new Set(house.toolbox.tools.keys()),
  })
  if (!lesson) return undefined
  const privacy = await house.privacy.open({ ...actor, via: 'chat' }, unread.conversation_id)
  const offers = []
  for (const offer of lesson.offers)
    offers.push({ ...offer, readAs: await privacy.restoreText(offer.readAs) })
  return { word: lesson.word, offers }
}

export const drawLesson = (io: Io, { word, offers }: Lesson): void => {
  io.out(`What does “${word}” mean here? A number teaches it and asks again; anything else goes on.\n`)
  for (const [at, { means, readAs }] of offers.entries()) io.out(`  ${at + 1}  ${means}: ${readAs}\n`)
}

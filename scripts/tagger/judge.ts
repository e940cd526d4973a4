/**
 * Judges the tagger on documents it has not learned from: `node scripts/tagger/judge.ts`. Each annotated set that teaches is
 * cut into three parts by document; each part is judged with weights learned from the rest. Sets that never teach are
 * judged by `npm run eval -- redaction`.
 */
import { judge, ourDetector } from '../../evals/suites/redaction.ts'
import { peopleInHeaders } from '../../evals/suites/redaction-known.ts'
import { readLexicon } from '../../redaction/tagger/lexicon.ts'
import { courseOf } from './course.ts'
import { learn } from './learn.ts'
import { DEFAULT_FOLDER } from './open-sets.ts'
import { MAILS, publicMailLessons } from './public-mail.ts'
import { readSet } from './sets.ts'

const PARTS = 3
const folder = process.argv[2] ?? DEFAULT_FOLDER
const lexicon = readLexicon()
const course = courseOf(lexicon, folder)
const models = Array.from({ length: PARTS }, (_, part) => {
  const marked = [
    ...course.made,
    ...course.real.flatMap(({ lessons }) => lessons.filter((_lesson, at) => at % PARTS !== part)),
  ]
  const mail = publicMailLessons(lexicon, learn(marked), MAILS)
  return { lexicon, weights: learn([...marked, ...mail]) }
})
for (const { set, ids } of course.real) {
  const documents = readSet(set).filter(({ id }) => ids.includes(id))
  const people = peopleInHeaders(documents.map(({ text }) => text))
  const scores = models.map((model, part) =>
    judge(
      documents.filter((_document, at) => at % PARTS === part),
      ourDetector(people, model),
      { detector: 'tact', set, people },
    ),
  )
  const sum = (of: (one: (typeof scores)[number]) => number): number =>
    scores.reduce((total, one) => total + of(one), 0)
  const leak =
    (100 * sum((one) => one.leaked)) /
    Math.max(
      1,
      sum((one) => one.mentions),
    )
  const over =
    (100 * sum((one) => one.hiddenLetters)) /
    Math.max(
      1,
      sum((one) => one.otherLetters),
    )
  process.stdout.write(
    `${set.padEnd(16)} leak ${leak.toFixed(2)} % of ${sum((one) => one.mentions)}, over-redaction ${over.toFixed(2)} %\n`,
  )
}

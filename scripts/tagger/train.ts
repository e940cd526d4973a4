/**
 * Learns redaction/tagger/weights.json: `node scripts/tagger/train.ts <folder>`. Learns from made-up mail (make-mail.ts), from the
 * annotated texts beside the checkout whose licence lets weights be passed on, from public sets cloned into the folder
 * (open-sets.ts) and from unmarked public mail (public-mail.ts). Sets without a licence are never read here.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLexicon } from '../../redaction/tagger/lexicon.ts'
import { packWeights } from '../../redaction/tagger/model.ts'
import { courseOf } from './course.ts'
import { learn } from './learn.ts'
import { DEFAULT_FOLDER } from './open-sets.ts'
import { MAILS, publicMailLessons } from './public-mail.ts'

const folder = process.argv[2] ?? DEFAULT_FOLDER
const lexicon = readLexicon()
const course = courseOf(lexicon, folder)
const marked = [...course.made, ...course.real.flatMap(({ lessons }) => lessons)]
const mail = publicMailLessons(lexicon, learn(marked), MAILS)
const weights = learn([...marked, ...mail])
const about = `Names of people in mail. Learned from ${course.about}, ${mail.length} messages of SpamAssassin. Offered under CC BY-SA 4.0; see SOURCES.md.`
const path = join(import.meta.dirname, '..', '..', 'redaction', 'tagger', 'weights.json')
writeFileSync(path, `${JSON.stringify(packWeights(weights, about))}\n`)
process.stdout.write(`${about}\n`)

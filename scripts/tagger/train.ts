/**
 * Learns redaction/tagger/weights.json: `node scripts/tagger/train.ts`. Learns from made-up mail (make-mail.ts) and from the
 * annotated texts beside the checkout whose licence lets weights be passed on; sets without a licence are never read here.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLexicon } from '../../redaction/tagger/lexicon.ts'
import { packWeights } from '../../redaction/tagger/model.ts'
import { courseOf } from './course.ts'
import { learn } from './learn.ts'

const course = courseOf(readLexicon())
const weights = learn([...course.made, ...course.real.flatMap(({ lessons }) => lessons)])
const about = `Names of people in mail. Learned from ${course.about}. Offered under CC BY-SA 4.0; see SOURCES.md.`
const path = join(import.meta.dirname, '..', '..', 'redaction', 'tagger', 'weights.json')
writeFileSync(path, `${JSON.stringify(packWeights(weights, about))}\n`)
process.stdout.write(`${about}\n`)

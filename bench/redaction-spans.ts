import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createDictionary } from '../redaction/dictionary.ts'
import type { Dictionary } from '../redaction/dictionary.ts'
import { companyForms, personForms } from '../redaction/forms.ts'
import { planScrub } from '../redaction/scrub.ts'
import type { ScrubContext } from '../redaction/find-spans.ts'
import { makeDigest, makeResult, readMail } from './redaction/texts.ts'

/**
 * `npm run bench -- redaction-spans --before <another checkout> [--every N] [--show N]`: whether this checkout hides in every
 * text what the other does: public mail, the labelled texts beside the checkout, made-up results of tools and briefs, each
 * also in capitals, with escapes, and cut short; read as content and as a question, with and without the tagger, with
 * records of the text active or not. Prints how many texts were read and how many spans differ; exits 1 where any does.
 */
const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    every: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
  },
})
if (values.before === undefined) throw new Error('--before <another checkout> is missing.')
const other = (file: string): Promise<unknown> => import(join(resolve(values.before!), 'redaction', file))
const before = {
  ...((await other('dictionary.ts')) as { readonly createDictionary: typeof createDictionary }),
  ...((await other('scrub.ts')) as { readonly planScrub: typeof planScrub }),
}

const LABELLED = join(import.meta.dirname, '../../shared/data/redaction')

const readLabelled = (): readonly string[] => {
  try {
    return readdirSync(LABELLED)
      .filter((file) => file.endsWith('.jsonl'))
      .flatMap((file) => readFileSync(join(LABELLED, file), 'utf8').trim().split('\n'))
      .map((line) => (JSON.parse(line) as { readonly text: string }).text)
  } catch {
    process.stdout.write('left out: the labelled texts are not beside this checkout\n')
    return []
  }
}

const texts = [
  ...readMail(),
  ...readLabelled(),
  ...Array.from({ length: 200 }, makeResult),
  ...Array.from({ length: 200 }, makeDigest),
]

/** The text as others write it. */
const variantsOf = (text: string, at: number): readonly string[] => [
  text,
  ...(at % 5 === 0 ? [text.toUpperCase().slice(0, 4_000), text.toLowerCase().slice(0, 2_000)] : []),
  ...(at % 7 === 0
    ? [JSON.stringify(text.slice(0, 3_000)), encodeURIComponent(text.slice(0, 600).toWellFormed())]
    : []),
  ...(at % 3 === 0 ? [text.slice(at % 97, 300), text.slice(0, 40)] : []),
]

/** Every third pair of capitalised words of the texts is somebody whom the workspace knows, every eleventh a company. */
const fill = (dictionaries: readonly Dictionary[]): readonly string[] => {
  const pairs = new Set(texts.flatMap((text) => text.match(/\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}{2,}/gu) ?? []))
  const uris: string[] = []
  for (const [at, pair] of [...pairs].entries()) {
    const id = `0198f2a0-0000-7000-8000-${String(at).padStart(12, '0')}`
    const [given = '', family = ''] = pair.split(' ')
    const forms =
      at % 11 === 0
        ? companyForms({ entity: 'companies', id }, { name: pair, domain: `${family.toLowerCase()}.com` })
        : at % 3 === 0
          ? personForms(
              { entity: 'people', id },
              { given, family, label: at % 2 === 0 ? 'PERSON' : 'MEMBER' },
            )
          : []
    for (const form of forms) for (const dictionary of dictionaries) dictionary.add(form)
    if (forms.length > 0) uris.push(`${at % 11 === 0 ? 'companies' : 'people'}:${id}`)
  }
  return uris
}

const mine = createDictionary()
const theirs = before.createDictionary()
const uris = fill([mine, theirs])
const some = new Set(uris.filter((_, at) => at % 4 === 0))
const nobody = new Set<string>()

const CONTEXTS: readonly Omit<ScrubContext, 'dictionary'>[] = [
  { active: nobody, mode: 'content', countries: ['US'] },
  { active: some, mode: 'content', countries: ['DE', 'GB'] },
  { active: some, mode: 'content', countries: ['US'], unknownNames: 'leave' },
  { active: nobody, mode: 'question', countries: ['US'] },
]

const outcome = (plan: typeof planScrub, text: string, context: ScrubContext): readonly string[] => {
  try {
    return plan(text, context).spans.map((span) => JSON.stringify(span))
  } catch (error) {
    return [`${(error as { code?: string }).code}: ${(error as Error).message}`]
  }
}

/** What only one of two lists has, shortened. */
const onlyIn = (one: readonly string[], two: readonly string[]): string =>
  one
    .filter((span) => !two.includes(span))
    .map((span) => span.slice(0, 200))
    .slice(0, 3)
    .join(' ')

let read = 0
let different = 0
for (const [at, text] of texts.entries()) {
  if (at % Number(values.every) !== 0) continue
  for (const [variant, written] of variantsOf(text, at).entries()) {
    const contexts = variant === 0 ? CONTEXTS : [CONTEXTS[(at + variant) % CONTEXTS.length]!]
    for (const context of contexts) {
      if (context.mode === 'question' && written.length > 8_000) continue
      read += 1
      const now = outcome(planScrub, written, { ...context, dictionary: mine })
      const then = outcome(before.planScrub, written, { ...context, dictionary: theirs })
      if (now.length === then.length && now.every((span, index) => span === then[index])) continue
      different += 1
      if (different <= Number(values.show))
        process.stdout.write(
          `${context.mode} ${JSON.stringify(written.slice(0, 80))}\n now  ${onlyIn(now, then)}\n then ${onlyIn(then, now)}\n`,
        )
    }
  }
}
process.stdout.write(`${read} readings of ${texts.length} texts; ${different} with other spans\n`)
process.exitCode = different > 0 ? 1 : 0

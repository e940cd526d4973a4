import type { Block, Layout, Line, Section } from './layout.ts'
import { bears } from './bears.ts'

/**
 * Puts facts into words with the names in them, so it is made of a model on this machine and of no other: `local` says
 * so to the compiler. `tell` answers nothing where the model fails, and never throws.
 */
export interface Narrator {
  readonly local: true
  tell(facts: string, signal: AbortSignal): Promise<string | undefined>
}

/** Longest that all sections of a digest may take together. */
export const NARRATIVE_MS = 20_000
const LONGEST = 1_200

const lineOf = ({ text, detail, sources }: Line): string =>
  [text, detail, sources].filter((part) => part !== '').join('; ')

/** What a narrative of these blocks is told and checked against, a line a thing. */
export const factLines = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap(({ title, lines, note }) => [
    ...lines.map((line) => `${title}: ${lineOf(line)}`),
    ...(note === undefined ? [] : [`${title}: ${note}`]),
  ])

const inTime = async (
  telling: Promise<string | undefined>,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const late = Promise.withResolvers<undefined>()
  const giveUp = (): void => late.resolve(undefined)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  const told = await Promise.race([telling.catch(() => undefined), late.promise])
  signal.removeEventListener('abort', giveUp)
  return told
}

/**
 * The layout with a few sentences over each section, as far as the narrator came within the time and said nothing that the
 * lines of that section do not bear; else as it was. Never throws.
 */
export const narrate = async (
  layout: Layout,
  narrator: Narrator | undefined,
  { signal = AbortSignal.timeout(NARRATIVE_MS) }: { readonly signal?: AbortSignal } = {},
): Promise<Layout> => {
  if (narrator === undefined || layout.quiet !== null) return layout
  const bySection = Map.groupBy(layout.blocks, ({ section }) => section)
  const told = new Map<Section, string>()
  await Promise.all(
    [...bySection].map(async ([section, blocks]) => {
      const facts = factLines(blocks)
      const text = (await inTime(narrator.tell(facts.join('\n'), signal), signal))?.trim()
      if (text && text.length <= LONGEST && bears(facts, text)) told.set(section, text)
    }),
  )
  const blocks = layout.blocks.map((block, place) => {
    const narrative = told.get(block.section)
    const isFirst = layout.blocks.findIndex(({ section }) => section === block.section) === place
    return narrative !== undefined && isFirst ? { ...block, narrative } : block
  })
  return { ...layout, blocks }
}

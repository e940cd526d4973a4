import { z } from 'zod'

/**
 * What a model may know of a handle without knowing whose it is. Sent with each turn as JSON lines between
 * `<legend>` and `</legend>`; every model gets the same text.
 */
export const LegendEntry = z.object({
  handle: z.string(),
  /** Entity (`people`, `companies`, `deals`, `members` …), `value` (address, phone …) or `ambiguous`. */
  is: z.string(),
  /** Harmless facts: title, role, tags, stage; companies as handles. */
  facts: z.record(z.string(), z.string()).optional(),
  /** For `ambiguous`: handles of the records that the words may stand for. */
  candidates: z.array(z.string()).optional(),
})
export type LegendEntry = z.infer<typeof LegendEntry>

export const renderLegend = (entries: readonly LegendEntry[]): string =>
  entries.length === 0
    ? ''
    : `\n<legend>\n${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n</legend>`

const BLOCK = /\n?<legend>\n([\s\S]*?)\n<\/legend>/g

/** Splits a turn's text into what was said and its legend. */
export const readLegend = (
  text: string,
): { readonly said: string; readonly legend: readonly LegendEntry[] } => {
  const legend: LegendEntry[] = []
  const said = text.replace(BLOCK, (_block, lines: string) => {
    for (const line of lines.split('\n')) legend.push(LegendEntry.parse(JSON.parse(line)))
    return ''
  })
  return { said: said.trim(), legend }
}

/** What was said in a turn's text; also of a legend that cannot be read. */
export const withoutLegend = (text: string): string => text.replace(/\n?<legend>[\s\S]*$/u, '').trim()

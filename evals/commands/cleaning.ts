import { cleanPairs, cleanSignatures } from '../suites/cleaning.ts'
import { DATA, options, out } from '../options.ts'

const MAX_LEAKED = 0.02
const MIN_KEPT = 0.985

const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`

/** `npm run eval -- cleaning [--file data] [--verbose]`: exits 1 where more is left or lost than is promised. */
export const cleaning = async (): Promise<number> => {
  const figures = [await cleanPairs(false), await cleanPairs(true)]
  const signatures = cleanSignatures(options.file ?? DATA)
  if (options.json) out(JSON.stringify({ figures, signatures }, null, 2))
  else {
    for (const { set, messages, leaked, shown, kept, own, examples } of figures) {
      out(
        `${set}: ${messages} messages, quoted lines left in ${percent(leaked, shown)} (${leaked} of ${shown}), new text kept ${percent(kept, own)} (${kept} of ${own})`,
      )
      if (options.verbose) for (const example of examples) out(`  ${example}`)
    }
    out(
      signatures
        ? `signatures: ${signatures.right} of ${signatures.messages} as marked${signatures.wrong.length > 0 ? `; not: ${signatures.wrong.join(', ')}` : ''}`
        : 'signatures: left out, the data of talon is not there',
    )
  }
  return figures.every(
    ({ leaked, shown, kept, own }) => leaked <= MAX_LEAKED * shown && kept >= MIN_KEPT * own,
  )
    ? 0
    : 1
}

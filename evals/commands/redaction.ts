import { options, out } from '../options.ts'
import { runRedaction } from '../suites/redaction.ts'

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

export const redaction = async (): Promise<number> => {
  const known = options.known === 'none' || options.known === 'oracle' ? options.known : 'headers'
  const report = await runRedaction({
    files: options.file === undefined ? [] : [options.file],
    known,
    peers: options.peers,
    presidio: options.presidio,
  })
  if (options.json) {
    out(JSON.stringify(report, null, 2))
    return 0
  }
  if (report.leftOut !== undefined) out(`redaction: left out. ${report.leftOut}`)
  for (const {
    detector,
    set,
    learnedFrom,
    mentions,
    leak,
    overRedaction,
    megabytesPerSecond,
    byKnowledge,
    byForm,
    partly,
    asRead,
  } of report.sets) {
    const parts = Object.entries(byKnowledge).map(([kind, one]) => `${kind} ${one.leaked}/${one.mentions}`)
    out(
      `${detector.padEnd(20)} ${set.padEnd(22)} leak ${percent(leak)} of ${mentions}, over-redaction ${percent(overRedaction)}, ${megabytesPerSecond.toFixed(2)} MB/s; ${parts.join(', ')}${learnedFrom ? ' (learned from)' : ''}`,
    )
    if (detector === 'tact')
      out(
        `  after our reading of the leaks: ${asRead.leaked} of ${asRead.mentions} names, ${percent(asRead.leaked / Math.max(1, asRead.mentions))}; ${asRead.unread} of them not read`,
      )
    if (!options.verbose) continue
    const forms = Object.entries(byForm).map(([form, one]) => `${form} ${one.leaked}/${one.mentions}`)
    out(`  by form: ${forms.join(', ')}; hidden in part ${partly}`)
  }
  for (const { set, scores } of report.values)
    for (const { type, marked, found, recall, precision, f1, hidden } of scores)
      out(
        `${set.padEnd(24)} ${type.padEnd(12)} F1 ${f1.toFixed(3)} (recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}) of ${marked} marked, ${found} found; hidden whole ${hidden}`,
      )
  return 0
}

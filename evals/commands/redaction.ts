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
  } of report.sets) {
    const parts = Object.entries(byKnowledge).map(([kind, one]) => `${kind} ${one.leaked}/${one.mentions}`)
    out(
      `${detector.padEnd(20)} ${set.padEnd(22)} leak ${percent(leak)} of ${mentions}, over-redaction ${percent(overRedaction)}, ${megabytesPerSecond.toFixed(2)} MB/s; ${parts.join(', ')}${learnedFrom ? ' (learned from)' : ''}`,
    )
  }
  return 0
}

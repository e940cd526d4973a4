import { loadConfig } from '../config.ts'
import { setLogLevel } from '../log.ts'
import { processIo, reportFailure } from './io.ts'
import { runCommandLine } from './program.ts'

const stop = new AbortController()
let interrupts = 0
process.on('SIGINT', () => {
  interrupts += 1
  stop.abort()
  if (interrupts > 1) process.exit(130)
})
process.on('SIGTERM', () => stop.abort())

// The reader of a pipe (`head`) may leave before we are done: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const argv = process.argv.slice(2)
const plainIo = processIo(stop.signal, { noColor: true })
try {
  const config = loadConfig()
  setLogLevel(config.TACT_LOG)
  const io = processIo(stop.signal, { noColor: config.NO_COLOR !== undefined || argv.includes('--no-color') })
  process.exitCode = await runCommandLine(
    argv.filter((word) => word !== '--no-color'),
    { config, io },
  )
} catch (error) {
  process.exitCode = reportFailure(plainIo, error, { json: argv.includes('--json') })
}

import { loadConfig } from '../../config.ts'
import { asTactError } from '../../domain/errors.ts'
import { runBridge } from './bridge.ts'

declare const BUNDLE_VERSION: string

try {
  await runBridge({
    config: loadConfig(),
    version: BUNDLE_VERSION,
    input: process.stdin,
    output: process.stdout,
  })
} catch (thrown) {
  const { message, details } = asTactError(thrown)
  process.stderr.write(`${message}\n${details.fix ?? ''}\n`)
  process.exitCode = 1
}

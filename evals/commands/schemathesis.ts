import { options, out } from '../options.ts'
import { openApiFuzzHouse } from '../suites/api-fuzz-house.ts'
import { findSchemathesis, runSchemathesis } from '../suites/schemathesis.ts'
import { onEngines } from './on-engines.ts'

const EXAMPLES = 30

/**
 * `npm run eval -- schemathesis`: the fuzzer of others over the OpenAPI document as it is served, with a program's token,
 * then with a person's session. Fails when one of its checks does, and when the token changed a record. Left out by name
 * where it cannot be installed. `--count` is its examples an operation.
 */
export const schemathesis = async (): Promise<number> => {
  const found = await findSchemathesis()
  if ('reason' in found) {
    out(`left out: ${found.reason}`)
    return 0
  }
  const examples = options.count === '100000' ? EXAMPLES : Number(options.count)
  const { reports, leftOut } = await onEngines(async (postgresUrl) => {
    const seed = Number(options.seed)
    const { fuzz, engine, close } = await openApiFuzzHouse(postgresUrl, seed)
    let isGood = true
    for (const caller of ['agent', 'person'] as const) {
      const before = await fuzz.watch()
      const where = { program: found.program, url: fuzz.url, headers: fuzz.headersOf[caller] }
      const { code, text } = await runSchemathesis({ ...where, examples, seed })
      const after = await fuzz.watch()
      const changed = caller === 'agent' ? after[0] !== before[0] : after[1] !== before[1]
      out(`${engine}, ${caller}: exit ${code}${changed ? ', AND A RECORD CHANGED' : ''}\n${text}`)
      isGood &&= code === 0 && !changed
    }
    await close()
    return isGood
  })
  for (const reason of leftOut) out(`left out: ${reason}`)
  return reports.every(Boolean) ? 0 : 1
}

/**
 * A process that approves and executes one proposal and kills itself (SIGKILL) before its nth statement, for
 * crash.test.ts. Arguments: `{url | home, decision, killBefore}` as JSON. Prints how many statements it ran when it
 * lives to the end.
 */
import { connect } from '../db/connect.ts'
import type { Actor } from '../domain/actor.ts'
import { approveAndExecute } from './execute.ts'

interface Orders {
  readonly url?: string
  readonly home?: string
  readonly decision: {
    readonly proposalId: string
    readonly hash: string
    readonly decider: Actor
    readonly now: string
  }
  readonly killBefore: number
}

const { url, home, decision, killBefore } = JSON.parse(process.argv[2]!) as Orders
const database = await connect({ TACT_HOME: home ?? '', DATABASE_URL: url, TACT_QUERY_TIMEOUT_MS: 20_000 })
let statements = 0
const connectOnce = database.pool.connect.bind(database.pool)
const patched = new WeakSet<object>()
database.pool.connect = (async () => {
  const client = await connectOnce()
  if (patched.has(client)) return client
  patched.add(client)
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  client.query = ((...given: unknown[]) => {
    statements += 1
    if (statements === killBefore) process.kill(process.pid, 'SIGKILL')
    return query(...given)
  }) as typeof client.query
  return client
}) as typeof database.pool.connect
await approveAndExecute(database, { ...decision, now: new Date(decision.now) })
await database.close()
process.stderr.write(`${statements}\n`)

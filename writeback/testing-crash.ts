/**
 * A process that does one piece of work and kills itself (SIGKILL) before its nth statement, for testing-crashes.ts.
 * Argument: `Orders` as JSON. Prints how many statements it ran when it lives to the end.
 */
import { connect } from '../db/connect.ts'
import { TEST_SECRET_KEY } from '../db/testing-key.ts'
import type { Actor } from '../domain/actor.ts'
import type { Workspace } from '../db/workspace.ts'
import { approveAndExecute } from './execute.ts'
import { approveItems } from './items.ts'
import { passStanding } from './pass-standing.ts'
import { deliverWebhooks } from './providers/deliver.ts'

export type Work =
  | {
      readonly does: 'approve'
      readonly proposalId: string
      readonly hash: string
      readonly places?: readonly number[]
    }
  | { readonly does: 'pass' | 'deliver' }

export interface Orders {
  readonly url?: string
  readonly home?: string
  readonly actor: Actor
  readonly workspace: Workspace
  readonly now: string
  readonly work: Work
  readonly killBefore: number
}

const { url, home, actor, workspace, now: at, work, killBefore } = JSON.parse(process.argv[2]!) as Orders
const database = await connect({
  TACT_HOME: home ?? '',
  DATABASE_URL: url,
  TACT_QUERY_TIMEOUT_MS: 20_000,
  TACT_SECRET_KEY: TEST_SECRET_KEY,
})
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

const now = new Date(at)
switch (work.does) {
  case 'approve': {
    const { proposalId, hash, places } = work
    const decision = { proposalId, hash, decider: actor, now }
    if (places === undefined) await approveAndExecute(database, decision)
    else await approveItems(database, { ...decision, workspace, places })
    break
  }
  case 'pass':
    await passStanding(database, { actor, workspace, now })
    break
  case 'deliver':
    await deliverWebhooks(database, { actor })
    break
}
await database.close()
process.stderr.write(`${statements}\n`)

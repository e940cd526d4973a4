import { readFileSync } from 'node:fs'
import { connect } from '../../../db/connect.ts'
import { ownWorkspace } from '../../../db/workspace.ts'
import { asTenant } from '../../../db/tenant.ts'
import type { Actor } from '../../../domain/actor.ts'
import { commitImport } from '../commit.ts'
import { stageImport } from '../run.ts'

export interface KillChildTask {
  readonly home: string
  readonly databaseUrl: string | null
  readonly actor: Actor
  readonly path: string
}

/** An import in a process of its own, for the test that kills it; a message to its parent for each chunk written. */
const run = async ({ home, databaseUrl, actor, path }: KillChildTask): Promise<void> => {
  const database = await connect({
    TACT_HOME: home,
    DATABASE_URL: databaseUrl ?? undefined,
    TACT_QUERY_TIMEOUT_MS: 60_000,
  })
  const workspace = await asTenant(database, actor, ownWorkspace)
  const now = new Date('2026-11-21T09:00:00Z')
  const staged = await stageImport(database, {
    actor,
    workspace,
    now,
    file: { kind: 'csv', bytes: readFileSync(path), fileName: 'deals.csv' },
  })
  await commitImport(database, {
    importId: staged.status === 'staged' ? staged.importId : staged.stored.id,
    decider: actor,
    workspace,
    now,
    onProgress: (_step, done) => void process.send?.(done),
  })
  await database.close()
}

await run(JSON.parse(process.argv[2]!) as KillChildTask)

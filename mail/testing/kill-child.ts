import { connect } from '../../db/connect.ts'
import type { Actor } from '../../domain/actor.ts'
import { importMail } from '../import.ts'

/** What the parent process hands over, as JSON in the first argument. */
export interface KillChildTask {
  readonly home: string
  readonly databaseUrl: string | null
  readonly actor: Actor
  readonly path: string
}

/** An import in a process of its own, for the test that kills it; a message to its parent for each batch. */
const run = async ({ home, databaseUrl, actor, path }: KillChildTask): Promise<void> => {
  const database = await connect({
    TACT_HOME: home,
    DATABASE_URL: databaseUrl ?? undefined,
    TACT_QUERY_TIMEOUT_MS: 60_000,
  })
  await importMail({
    database,
    actor,
    kind: 'mbox',
    path,
    onProgress: ({ counts }) => void process.send?.(counts.seen),
  })
  await database.close()
}

await run(JSON.parse(process.argv[2]!) as KillChildTask)

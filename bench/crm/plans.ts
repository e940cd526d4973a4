import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { connect } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Filled } from './fill.ts'
import { QUESTIONS } from './questions.ts'

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_level': 'notice',
}
const slug = (what: string): string =>
  what
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/**
 * Writes the plan of every statement behind every question, those inside functions too, one file a question. On Postgres
 * alone, with a superuser to switch auto_explain on for this database.
 */
export const writePlans = async (
  directory: string,
  filled: Filled,
  { url, superUrl }: { readonly url: string; readonly superUrl: string },
): Promise<void> => {
  const admin = new Client({ connectionString: superUrl })
  await admin.connect()
  const name = new URL(url).pathname.slice(1)
  for (const [setting, value] of Object.entries(SETTINGS))
    await admin.query(`alter database ${name} set ${setting} = '${value}'`)
  await admin.end()
  const database = await connect(
    { TACT_HOME: '', DATABASE_URL: url, TACT_QUERY_TIMEOUT_MS: 60_000 },
    { poolSize: 1 },
  )
  let heard: string[] = []
  const client = await database.pool.connect()
  client.on('notice', ({ message }) => heard.push(message?.replace(/^duration: .*? plan:\n/, '') ?? ''))
  client.release()
  await mkdir(directory, { recursive: true })
  for (const { what, run } of QUESTIONS) {
    heard = []
    await asTenant(database, filled.actor, (tx) => run(tx, { ...filled, database }, 1), { readOnly: true })
    const plans = heard.filter((plan) => !plan.includes("set_config('app.tenant_id'"))
    await writeFile(join(directory, `${slug(what)}.txt`), `${plans.join('\n\n')}\n`)
  }
  await database.close()
}

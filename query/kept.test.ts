import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../db/catalog/companies.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Role } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import { ask, readQuestion } from './ask.ts'
import type { Question } from './ask.ts'
import {
  checkDrift,
  forgetAsked,
  keepAnswer,
  replay,
  runSaved,
  savedQueries,
  saveQuery,
  verifyQuery,
} from './kept.ts'
import type { QueryContext } from './run.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const FORMS: readonly string[] = [
  '{"find":"companies","where":[{"field":"city","value":"Bonn"}],"fields":["name"],"limit":5}',
  '{"find":"companies","group_by":["city"],"measures":[{"fn":"count"}]}',
  'select city, count(*) as n from companies group by city order by 1',
]

describe.each(testEngines)('kept questions on %s', (engine) => {
  let opened: TestDatabase
  let here: TestTenant
  let there: TestTenant

  const within = <T>(
    tenant: TestTenant,
    fn: (tx: TenantTx, context: QueryContext) => Promise<T>,
    role: Role = 'owner',
  ): Promise<T> => {
    const actor = tenant.actor(role)
    return asTenant(opened.database, actor, (tx) => fn(tx, { workspace: tenant.workspace, actor, now: NOW }))
  }
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'done',
      (error: unknown) => asTactError(error).code,
    )
  const add = (name: string) =>
    within(here, (tx) =>
      tx.insert(companies.table).values({ tenant_id: here.workspace.id, name, city: 'Bonn' }),
    )

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    here = await opened.addTenant()
    there = await opened.addTenant()
    await add('Acme')
  })
  afterAll(() => opened.close())

  test.each(FORMS)('%s replays by its id, and says when the answer has changed', async (text) => {
    const question: Question = readQuestion(text)
    const id = await within(here, async (tx, context) =>
      keepAnswer(tx, question, await ask(tx, question, context), context),
    )
    expect(await within(here, (tx, context) => replay(tx, id, context))).toMatchObject({
      isSame: true,
      question,
    })
    await add(`Later ${text.length}`)
    expect(await within(here, (tx, context) => replay(tx, id, context))).toMatchObject({ isSame: false })
    expect(await codeOf(within(there, (tx, context) => replay(tx, id, context)))).toBe('unknown_query')
  })

  test('replayed on a later day, an answer holds for that day, and says how its relative dates are read', async () => {
    const question = readQuestion(
      '{"find":"companies","where":[{"field":"created_at","value":"last_month"}]}',
    )
    const id = await within(here, async (tx, context) =>
      keepAnswer(tx, question, await ask(tx, question, context), context),
    )
    const later = new Date('2027-02-03T10:00:00Z')
    const { answered } = await within(here, (tx, context) => replay(tx, id, { ...context, now: later }))
    expect(answered.completeness.as_of).toBe('2027-02-03T10:00:00Z')
    expect(answered.completeness.filters_in_words).toContain('Oct 2026')
    expect(answered.notes).toContain('Relative dates are read as on 2026-11-21.')
  })

  test('an old question is forgotten, of its own workspace alone', async () => {
    const question = readQuestion(FORMS[2]!)
    const keep = (tenant: TestTenant): Promise<string> =>
      within(tenant, async (tx, context) =>
        keepAnswer(tx, question, await ask(tx, question, context), context),
      )
    const [mine, theirs] = [await keep(here), await keep(there)]
    expect(await within(here, (tx) => forgetAsked(tx, NOW))).toBe(0)
    await within(here, (tx) => forgetAsked(tx, new Date(NOW.getTime() + 1)))
    expect(await codeOf(within(here, (tx, context) => replay(tx, mine, context)))).toBe('unknown_query')
    expect(await codeOf(within(there, (tx, context) => replay(tx, theirs, context)))).toBe('done')
  })

  test('a question is saved, verified by an admin, run by its name; another workspace has none', async () => {
    const question = readQuestion(FORMS[2]!)
    await within(here, (tx, context) =>
      saveQuery(tx, { name: 'By city', wording: 'Companies by city', question }, context),
    )
    expect(await codeOf(within(here, (tx, context) => verifyQuery(tx, 'By city', context), 'editor'))).toBe(
      'role_too_low',
    )
    await within(here, (tx, context) => verifyQuery(tx, 'By city', context), 'admin')
    expect(await within(here, (tx) => savedQueries(tx, { verified: true }))).toMatchObject([
      { name: 'By city', isVerified: true, shape: [{ name: 'city' }, { name: 'n', type: 'number' }] },
    ])
    const { answered } = await within(here, (tx, context) => runSaved(tx, 'By city', context))
    expect(answered.columns.map(({ name }) => name)).toEqual(['city', 'n'])
    expect(await within(there, (tx) => savedQueries(tx))).toEqual([])
  })

  test('saving anew takes the verification away; what cannot be answered is not saved', async () => {
    const put = (question: Question) =>
      within(here, (tx, context) => saveQuery(tx, { name: 'By city', wording: 'x', question }, context))
    await put(readQuestion(FORMS[2]!))
    expect(await within(here, (tx) => savedQueries(tx, { verified: true }))).toEqual([])
    expect(await codeOf(put({ sql: 'select nothing from companies' }))).toBe('unknown_column')
  })

  test('drift is told: an answer of another shape, and a question that is refused by now', async () => {
    const [saved] = await within(here, (tx) => savedQueries(tx))
    const drift = (change: object) =>
      within(here, (tx, context) => checkDrift(tx, { ...saved!, ...change }, context))
    expect(await drift({})).toMatchObject({ drift: 'none' })
    expect(await drift({ shape: [{ name: 'city', type: 'text' }] })).toMatchObject({
      drift: 'shape',
      detail: 'n',
    })
    expect(await drift({ question: { sql: 'select gone from companies' } })).toMatchObject({
      drift: 'refused',
      detail: 'unknown_column',
    })
  })
})

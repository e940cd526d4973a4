import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { indexMail } from './index-write.ts'
import { searchMail } from './lexical.ts'
import { addMails } from './testing/mails.ts'
import { holdsQuestion, questionOf, randomFrom, randomMails } from './testing/oracle.ts'

const QUESTIONS = 120

describe.each(testEngines)('random questions on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    tenant = await harness.addTenant()
  })
  afterAll(() => harness.close())

  test('words, phrases, left-out words and filters find what reading every message finds, none more', async () => {
    const random = randomFrom(11)
    const mails = randomMails(random, 150)
    await addMails(harness, tenant, mails)
    const check = async (): Promise<void> => {
      for (let at = 0; at < QUESTIONS / 2; at += 1) {
        const question = questionOf(random)
        const expected = mails.filter((mail) => holdsQuestion(mail, question)).map(({ id }) => id)
        const { hits, total, exact } = await asTenant(harness.database, tenant.actor(), (tx) =>
          searchMail(tx, { ...question, limit: 200 }),
        )
        expect({ question, found: hits.map(({ id }) => id).sort() }).toEqual({
          question,
          found: expected.sort(),
        })
        expect({ total, exact }).toEqual({ total: expected.length, exact: true })
      }
    }
    await check()
    await indexMail({
      database: harness.database,
      actor: { tenantId: tenant.workspace.id, memberId: null, via: 'system' },
      segmentSize: 60,
    })
    await check()
  })
})

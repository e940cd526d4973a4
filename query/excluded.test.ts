import { expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import type { MemberId, TenantId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import { askedIn, excludedFrom } from './excluded.ts'
import { parseQuery } from './parse-json.ts'
import { loadGrammar } from './parse-sql/read.ts'
import { compileQuestion } from './relational/execute.ts'
import { planQuery } from './run.ts'

const member = newId() as MemberId
const tenantId = newId() as TenantId
const CONTEXT = {
  workspace: {
    id: tenantId,
    slug: 'x',
    name: 'X',
    vertical: 'generic',
    timezone: 'UTC',
    currency: 'EUR',
    country: 'DE',
    fiscalYearMonth: 1,
    policy: 'standard' as Policy,
    clockAt: null,
  },
  actor: { tenantId, memberId: member, role: 'viewer', via: 'mcp' },
  now: new Date('2026-11-21T10:00:00Z'),
} as const

const ofSemantic = (question: object): readonly string[] => {
  const { bound, compiled } = planQuery(parseQuery(question), CONTEXT)
  return excludedFrom(compiled.text, askedIn(bound))
}
const ofSql = async (sql: string): Promise<readonly string[]> => {
  await loadGrammar()
  return excludedFrom(compileQuestion({ sql }).text)
}

test('a question over mail says that private mail of others is left out, wherever mail stands in it', async () => {
  const left = 'Private mail of other members, and what was made of it, is not among: '
  expect(ofSemantic({ find: 'emails', measures: [{ fn: 'count' }] })).toEqual([`${left}emails.`])
  expect(ofSemantic({ find: 'people', fields: ['name'], where: [{ none: 'emails_sent' }] })).toEqual([
    `${left}emails.`,
  ])
  expect(ofSemantic({ find: 'companies', fields: ['name', 'count(interactions)'] })).toEqual([
    `${left}interactions.`,
  ])
  expect(await ofSql('with m as (select id from emails) select count(*) from m, threads')).toEqual([
    `${left}emails, threads.`,
  ])
})

test('a date that is rolled up over what everybody may see says that no private mail counts in it', async () => {
  const told = ['No private mail, whosever it is, counts in: last_interaction_at.']
  expect(ofSemantic({ find: 'deals', fields: ['last_interaction_at'] })).toEqual(told)
  expect(
    ofSemantic({
      find: 'people',
      fields: ['name'],
      where: [{ field: 'company.last_interaction_at', op: '<', value: 'today' }],
    }),
  ).toEqual(told)
  expect(await ofSql('select name from people where last_interaction_at < current_date')).toEqual(told)
})

test('where everybody sees everything, nothing is said', async () => {
  expect(ofSemantic({ find: 'deals', fields: ['name', 'amount', 'company.name'] })).toEqual([])
  expect(ofSemantic({ find: 'people', fields: ['name'] })).toEqual([])
  expect(await ofSql("select 'asked' as x, name from companies")).toEqual([])
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { passStanding } from '../writeback/pass-standing.ts'
import { grantStanding } from '../writeback/standing.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createInbox } from './router.ts'
import { startSession } from './session.ts'

describe.each(testEngines)('the queue and the history on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let server: Server
  let base: string
  let cookie: string

  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test, { now: new Date() })
    server = createServer(express().use(createInbox({ database: test.database }))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    cookie = `tact_inbox=${await startSession(test.database, { ...team.owner, via: 'inbox' })}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await test.close()
  })

  const page = async (path: string): Promise<string> =>
    (await fetch(base + path, { headers: { cookie } })).text()
  const shown = (text: string): readonly string[] => [
    ...new Set([...text.matchAll(/href="\/inbox\/proposals\/([0-9a-f-]{36})"/g)].map(([, id]) => id!)),
  ]
  const task = async (title: string, options: Parameters<Team['propose']>[1] = {}): Promise<string> =>
    (await team.propose([{ op: 'task', set: { title } }], options)).proposal.id

  it('is narrowed to who asked and to what it is about, and an address that names neither shows all', async () => {
    const admin = { ...team.tenant.actor('admin'), via: 'chat' } as const
    const [own, theirs] = [await task('Own'), await task('Theirs', { actor: admin })]
    const { proposal: ofDeal } = await team.propose([
      { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { next_step: 'Call' } },
    ])
    const all = [ofDeal.id, theirs, own]
    expect(shown(await page('/inbox'))).toEqual(all)
    expect(shown(await page(`/inbox?by=${admin.memberId}`))).toEqual([theirs])
    expect(shown(await page('/inbox?about=tasks'))).toEqual([theirs, own])
    expect(shown(await page(`/inbox?about=tasks&by=${team.owner.memberId}`))).toEqual([own])
    expect(await page('/inbox?about=people')).toContain('None of these.')
    expect(shown(await page(`/inbox?by=${newId()}`))).toEqual([])
    expect(shown(await page("/inbox?by='x&about=%00&after=nothing"))).toEqual(all)
    expect(await page(`/inbox?by=${admin.memberId}`)).toContain(`value="${admin.memberId}" selected`)
  })

  it('goes on to older ones, page by page, without leaving one out', async () => {
    for (let count = 0; count < 55; count += 1)
      await task(`Many ${count}`, { conversationId: count < 28 ? null : await team.conversation() })
    const first = await page('/inbox?about=tasks')
    expect(shown(first)).toHaveLength(50)
    const next = /href="(\/inbox\?show=waiting[^"]*after=[^"]+)"/.exec(first)![1]!.replaceAll('&amp;', '&')
    const second = await page(next)
    expect(shown(second)).toHaveLength(7)
    expect(new Set([...shown(first), ...shown(second)]).size).toBe(57)
    expect(second).not.toContain('Older ones')
  })

  it('says beside each field where its words come from', async () => {
    const conversationId = await team.conversation()
    await team.query(
      sql`insert into workflow.handles (id, tenant_id, conversation_id, label, entity, record_id, number)
        values (${newId()}, core.current_tenant(), ${conversationId}, 'MESSAGE', 'emails', ${team.ids.mail}, '10001')`,
    )
    const record = `deals:${team.ids.deal}`
    const { proposal } = await team.propose(
      [
        { op: 'update', entity: 'deals', record, set: { next_step: 'go ahead with the second offer' } },
        {
          op: 'update',
          entity: 'deals',
          record: `deals:${team.ids.other}`,
          set: { notes: 'Nobody said this' },
        },
        { op: 'stage', record, set: { stage: 'Offer out' } },
      ],
      { conversationId },
    )
    const card = await page(`/inbox/proposals/${proposal.id}`)
    const badgeOf = (value: string): string | undefined =>
      new RegExp(`<bdi>${value}</bdi></ins>\\s*<span class="from ([a-z]+)">`).exec(card)?.[1]
    expect(badgeOf('go ahead with the second offer')).toBe('outside')
    expect(badgeOf('Nobody said this')).toBe('model')
    expect(badgeOf('Offer out')).toBe('crm')
  })

  it('says of what passed by a standing approval that nobody was asked, on every card and in the overview', async () => {
    await grantStanding(team.database, team.owner, {
      kind: 'task',
      scope: 'all',
      memberId: null,
      perDay: 1,
      until: new Date(Date.now() + 86_400_000),
      now: new Date(),
    })
    const [done] = await passStanding(team.database, {
      actor: { ...team.owner, memberId: null, via: 'system' },
      workspace: team.tenant.workspace,
      now: new Date(),
    })
    expect(done).toMatchObject({ state: 'executed' })
    const { proposalId } = done!
    const history = await page('/inbox?show=written')
    expect(shown(history)).toEqual([proposalId])
    expect(history).toMatch(/passed by a\s+<a href="\/inbox\/standing">standing approval<\/a>/)
    expect(await page(`/inbox/proposals/${proposalId}`)).toMatch(/standing approval<\/a>\s+of/)
    const overview = await page('/inbox/overview')
    expect(overview).toContain('Passed without asking')
    expect(overview).toContain(`/inbox/proposals/${proposalId}`)
  })
})

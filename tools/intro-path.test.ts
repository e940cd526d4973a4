import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { makeAcquaintances, NOW } from '../search/testing/acquaintances.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

interface Ways {
  readonly targets: number
  readonly paths: readonly {
    readonly kind: string
    readonly strength: number
    readonly through: readonly string[]
    readonly steps: readonly { readonly because: readonly string[]; readonly evidence: readonly string[] }[]
  }[]
}

describe.each(testEngines)('intro_path, through the one door, on %s', (engine) => {
  let base: TestDatabase
  let call: (name: string, given: unknown) => Promise<ToolOutcome>
  const handles = new Map<string, string>()

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    const tenant = await base.addTenant({ clockAt: NOW })
    const world = makeAcquaintances(base, tenant)
    await world.company('Nimbus')
    await world.person('Dana', { company: 'Nimbus', title: 'Chief Executive Officer' })
    await world.person('Omar', { company: 'Nimbus', title: 'Director of Sales', tag: 'client' })
    await world.person('Nobody')
    await world.mail('editor', ['Dana'], 3, { subject: 'Hello Dana' })
    await world.met('owner', ['Omar'], 2)
    const actor = { ...tenant.actor(), via: 'mcp' } as const
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'path', memberId: actor.memberId }),
    )
    const toolbox = createToolbox({
      database: base.database,
      tools,
      privacy: createPrivacy(base.database),
      queryTimeoutMs: 10_000,
    })
    const { signal } = new AbortController()
    call = (name, given) => toolbox.call(name, given, { actor, conversationId, signal })
    for (const query of ['Dana', 'Omar', 'Nobody']) {
      const outcome = (await call('search_people', { query })) as Extract<ToolOutcome, { ok: true }>
      const [card] = (outcome.result.data as { people: readonly { id: string; company: string | null }[] })
        .people
      handles.set(query, card!.id)
      if (card!.company) handles.set('Nimbus', card!.company)
    }
  })
  afterAll(() => base.close())

  const ways = async (given: Record<string, unknown>) => {
    const outcome = await call('intro_path', given)
    expect(outcome).toMatchObject({ ok: true })
    expect(JSON.stringify(outcome)).not.toMatch(/Dana|Omar|Testperson|Nimbus|Tester|[0-9a-f]{8}-[0-9a-f]{4}-/)
    const { result } = outcome as Extract<ToolOutcome, { ok: true }>
    return { ...result, data: result.data as Ways }
  }

  test('ways are handles, with reasons, strength and the records they rest on', async () => {
    const { data, sources, completeness } = await ways({ to: handles.get('Dana'), from: 'me' })
    expect(data.paths.map(({ kind }) => kind)).toEqual(['colleague', 'contact'])
    const [colleague] = data.paths
    expect(colleague!.through.at(-1)).toBe(handles.get('Dana'))
    expect(colleague!.steps[1]).toMatchObject({
      because: ['0 mails from them, 1 to them'],
      evidence: [expect.stringMatching(/^MESSAGE_\d+$/)],
    })
    expect(sources.map(({ id }) => id)).toEqual(expect.arrayContaining([...colleague!.steps[1]!.evidence]))
    expect(completeness).toMatchObject({ total: 2, returned: 2, complete: true })
  })

  test('a company is reached by anybody there, or by those with a title, short or long', async () => {
    const anybody = await ways({ to_company: handles.get('Nimbus') })
    expect(anybody.data.targets).toBe(2)
    const boss = await ways({ to_company: handles.get('Nimbus'), to_title: 'ceo' })
    expect(boss.data.targets).toBe(1)
    expect(boss.data.paths[0]!.through.at(-1)).toBe(handles.get('Dana'))
    const none = await ways({ to_company: handles.get('Nimbus'), to_title: 'cto' })
    expect(none.data).toEqual({ targets: 0, paths: [] })
    expect(none.notes).toEqual(['Nobody with that title is recorded there.'])
  })

  test('only by contacts of a tag, and none where nobody is known', async () => {
    const viaClients = await ways({ to: handles.get('Dana'), via_tag: 'client' })
    expect(viaClients.data.paths.map(({ through }) => through[1])).toEqual([handles.get('Omar')])
    const nobody = await ways({ to: handles.get('Nobody') })
    expect(nobody.data.paths).toEqual([])
    expect(nobody.notes[0]).toContain('nobody is known')
  })

  test('what is given wrongly is taught', async () => {
    expect(await call('intro_path', {})).toMatchObject({ ok: false, error: { code: 'one_target' } })
    expect(await call('intro_path', { to: handles.get('Dana'), from: handles.get('Omar') })).toMatchObject({
      ok: false,
      error: { code: 'wrong_record', at: 'from' },
    })
    expect(await call('intro_path', { to: 'Zebulon Quux' })).toMatchObject({ ok: false, error: { at: 'to' } })
    for (const given of [{ to: '\u0000\ud800' }, { to_company: 'a\u0000b' }]) {
      expect(await call('intro_path', given)).toMatchObject({
        ok: false,
        kind: 'user',
        error: { code: 'bad_text' },
      })
    }
  })
})

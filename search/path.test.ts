import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { findPaths } from './path.ts'
import type { Path, PathOptions } from './path.ts'
import { makeAcquaintances, NOW } from './testing/acquaintances.ts'
import { tiesTo } from './ties.ts'

describe.each(testEngines)('ways to somebody on %s', (engine) => {
  let harness: TestDatabase
  let world: ReturnType<typeof makeAcquaintances>

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    const stranger = makeAcquaintances(harness, await harness.addTenant())
    await stranger.person('Dana')
    await stranger.met('owner', ['Dana'], 1)
    world = makeAcquaintances(harness, await harness.addTenant())
    await world.company('Nimbus')
    await world.company('Tidewater')
    await world.person('Dana', { company: 'Nimbus', title: 'CEO' })
    await world.person('Ruth', { company: 'Nimbus' })
    await world.person('Omar', { company: 'Tidewater', tag: 'client' })
    await world.person('Sofia', { company: 'Tidewater', role: 'investor' })
    await world.person('Nobody')
    for (const days of [2, 9, 16, 23]) await world.mail('editor', ['Dana'], days)
    for (const days of [1, 8, 15, 22]) await world.mail('Dana', ['editor'], days)
    await world.mail('owner', ['Dana'], 10)
    await world.met('admin', ['Dana'], 700)
    await world.mail('Ruth', ['owner'], 1, { isBulk: true })
    await world.met('owner', ['Omar'], 3)
    await world.met('editor', ['Omar', 'Sofia'], 5)
    await world.mail('Omar', ['Sofia', 'owner'], 4)
  })
  afterAll(() => harness.close())

  const strengths = async (person: string) =>
    new Map(
      (await world.within((tx) => tiesTo(tx, [world.idOf(person)], { now: NOW }))).map((tie) => [
        world.nameOf(tie.memberId),
        tie,
      ]),
    )
  const named = (path: Path): string => {
    const names =
      path.kind === 'contact'
        ? [path.tie.memberId, path.closeness.contactId, path.closeness.targetId]
        : [path.tie.memberId, path.tie.personId]
    return [path.kind, ...names.map(world.nameOf)].join(' ')
  }
  const ways = (to: readonly string[], options: Partial<PathOptions> = {}) =>
    world.within((tx) => findPaths(tx, to.map(world.idOf), { now: NOW, rank: 'nearest', ...options }))

  test('mail that goes both ways ties more than mail without an answer, and counts are plain', async () => {
    const ties = await strengths('Dana')
    expect([...ties.keys()].sort()).toEqual(['admin', 'editor', 'owner'])
    expect(ties.get('editor')).toMatchObject({ received: 4, sent: 4, meetings: 0, calls: 0 })
    expect(ties.get('editor')!.strength).toBeGreaterThan(0.55)
    expect(ties.get('owner')!.strength).toBeCloseTo(1 - Math.exp((-0.5 * 0.5 ** (10 / 180)) / 8), 2)
  })

  test('what is long ago counts little: half for every 180 days', async () => {
    const { strength } = (await strengths('Dana')).get('admin')!
    expect(strength).toBeCloseTo(1 - Math.exp((-4 * 0.5 ** (700 / 180)) / 8), 3)
  })

  test('bulk mail and notes make nobody known', async () => {
    await world.met('owner', ['Ruth'], 1, 'note')
    expect((await strengths('Ruth')).size).toBe(0)
  })

  test('those who know somebody come first, then contacts who are close to them', async () => {
    const found = await ways(['Sofia'])
    expect(found.map(named)).toEqual(['direct editor Sofia', 'contact owner Omar Sofia'])
    expect(found[1]).toMatchObject({
      closeness: { meetings: 1, mails: 1, sameCompany: true },
      tie: { meetings: 1 },
    })
    for (const { strength } of found) expect(strength).toBeGreaterThan(0)
  })

  test('from one member, a colleague who knows the target is a way', async () => {
    const found = await ways(['Sofia'], { fromMemberId: world.idOf('owner') })
    expect(found.map(named)).toEqual(['colleague editor Sofia', 'contact owner Omar Sofia'])
  })

  test('by strength the strongest comes first, however long', async () => {
    const found = await ways(['Dana', 'Sofia'], { rank: 'strength' })
    const inOrder = found.map(({ strength }) => strength)
    expect(inOrder).toEqual([...inOrder].sort((a, b) => b - a))
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['direct', 'contact']))
  })

  test('via a tag or a part leaves only contacts who have it', async () => {
    expect((await ways(['Sofia'], { viaTag: 'Client' })).map(named)).toEqual(['contact owner Omar Sofia'])
    expect((await ways(['Omar'], { viaTag: 'investor' })).map(named)).toEqual(['contact editor Sofia Omar'])
    expect(await ways(['Sofia'], { viaTag: 'lender' })).toEqual([])
  })

  test('a recorded relationship makes two people close, from either side', async () => {
    await world.person('Twin')
    await world.related('Twin', 'Dana', 100)
    const [way] = await ways(['Twin'], { fromMemberId: world.idOf('editor') })
    expect(named(way!)).toBe('contact editor Dana Twin')
    expect(way).toMatchObject({ closeness: { isTold: true, strength: 0.632 } })
    await world.met('viewer', ['Twin'], 1)
    expect((await ways(['Dana'], { fromMemberId: world.idOf('viewer') })).map(named)).toContain(
      'contact viewer Twin Dana',
    )
  })

  test('nobody is known where there is no contact, and none of another tenant shows', async () => {
    expect(await ways(['Nobody'])).toEqual([])
    expect(await ways([])).toEqual([])
    expect((await ways(['Dana'])).every(({ tie }) => world.nameOf(tie.memberId) !== 'nobody')).toBe(true)
  })
})

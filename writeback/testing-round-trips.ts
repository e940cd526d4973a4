import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { TactError } from '../domain/errors.ts'
import { readProposal } from './store.ts'
import type { StoredProposal } from './store.ts'
import { randomFrom } from './testing-shown.ts'
import type { Team, TeamRecord } from './testing.ts'
import { undo } from './undo.ts'

/** Every operation, and every kind of change that has a name of its own. */
export const WISHES = [
  'create',
  'update',
  'link',
  'unlink',
  'archive',
  'restore',
  'merge',
  'log_interaction',
  'task',
  'tag',
  'stage',
  'draft_email',
] as const
export type Wish = (typeof WISHES)[number]

/** How it is taken back: at once, one change after the other in any order, or after somebody edited one of them. */
export const WAYS = ['whole', 'by item', 'edited since'] as const
export type Way = (typeof WAYS)[number]

/** A field of each kind of record that a person writes over by hand. */
const EDITED: Readonly<Record<string, string>> = {
  people: 'city',
  companies: 'city',
  deals: 'next_step',
  tasks: 'notes',
  interactions: 'summary',
  email_drafts: 'subject',
}
const TABLE: Readonly<Record<string, string>> = {
  interactions: 'intel.interactions',
  email_drafts: 'intel.email_drafts',
}

type Random = () => number

const uriOf = ({ ids }: Team, entity: string, name: TeamRecord): string => `${entity}:${ids[name]}`

const wishOf = (
  wish: Wish,
  team: Team,
  { text, random }: { readonly text: string; readonly random: Random },
): object => {
  const pick = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)]!
  const person = () => uriOf(team, 'people', pick(['dana', 'erik', 'farah']))
  const deal = uriOf(team, 'deals', 'deal')
  switch (wish) {
    case 'create':
      return pick([
        { op: 'create', entity: 'companies', set: { name: text } },
        { op: 'create', entity: 'people', set: { given_name: text, tags: [uriOf(team, 'tags', 'vip')] } },
        { op: 'create', entity: 'deals', set: { name: text, stage: 'Lead', people: [person()] } },
      ])
    case 'update':
      return pick([
        { op: 'update', entity: 'people', record: person(), set: { city: text, title: text } },
        {
          op: 'update',
          entity: 'deals',
          record: deal,
          set: { notes: text, amount: 1 + Math.floor(random() * 1e6) },
        },
        {
          op: 'update',
          entity: 'companies',
          record: uriOf(team, 'companies', 'acme'),
          set: { owner: null, city: text },
        },
        { op: 'update', entity: 'tasks', record: uriOf(team, 'tasks', 'task'), set: { title: text } },
      ])
    case 'link':
      return { op: 'link', entity: 'deals', record: deal, set: { people: [person()] } }
    case 'unlink':
      return {
        op: 'unlink',
        entity: 'people',
        record: uriOf(team, 'people', 'farah'),
        set: { tags: [uriOf(team, 'tags', 'vip')] },
      }
    case 'archive':
      return pick([
        { op: 'archive', entity: 'people', record: uriOf(team, 'people', 'erik') },
        { op: 'archive', entity: 'companies', record: uriOf(team, 'companies', 'birch') },
        { op: 'archive', entity: 'tasks', record: uriOf(team, 'tasks', 'task') },
      ])
    case 'restore':
      return { op: 'restore', entity: 'deals', record: uriOf(team, 'deals', 'other') }
    case 'merge':
      return pick([
        {
          op: 'merge',
          entity: 'people',
          record: uriOf(team, 'people', 'dana'),
          from: uriOf(team, 'people', 'erik'),
        },
        {
          op: 'merge',
          entity: 'companies',
          record: uriOf(team, 'companies', 'acme'),
          from: uriOf(team, 'companies', 'birch'),
        },
      ])
    case 'log_interaction':
      return { op: 'log_interaction', set: { kind: 'call', summary: text, deal, people: [person()] } }
    case 'task':
      return { op: 'task', set: { title: text, people: [person()], due_at: '2026-12-24' } }
    case 'tag':
      return { op: 'tag', entity: 'people', record: person(), set: { tags: [uriOf(team, 'tags', 'cold')] } }
    case 'stage':
      return { op: 'stage', record: deal, set: { stage: pick(['Offer out', 'Won']) } }
    case 'draft_email':
      return { op: 'draft_email', set: { subject: text, body: text, people: [person()] } }
  }
}

/** From one change to as many as a proposal holds; of the latter the most are tasks, which contradict nothing. */
const sizeOf = (turn: number, random: Random): number => (turn % 10 === 9 ? 25 : 1 + Math.floor(random() * 4))

const wishesOf = (team: Team, turn: number, random: Random): readonly object[] => {
  const first = WISHES[turn % WISHES.length]!
  const size = sizeOf(turn, random)
  return Array.from({ length: size }, (_, place) => {
    const other = size > 5 ? 'task' : WISHES[Math.floor(random() * WISHES.length)]!
    return wishOf(place === 0 ? first : other, team, { text: `t${turn} ${place} Ω`, random })
  })
}

const codeOf = (error: unknown): string => (error instanceof TactError ? error.code : String(error))

const attempt = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', codeOf)

/** What is not as it was: rows that differ, and new ones that are not archived. */
const differences = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] => [
  ...[...before].flatMap(([id, row]) => (after.get(id) === row ? [] : [`differs: ${row.split(' ')[0]!}`])),
  ...[...after].flatMap(([id, row]) =>
    before.has(id) || /\["deleted_at","2/.test(row) ? [] : [`left over: ${row.split(' ')[0]!}`],
  ),
]

const undoItems = async (
  team: Team,
  { id, changes }: StoredProposal,
  random: Random,
): Promise<readonly string[]> => {
  const { database, owner: decider, now } = team
  const faults: string[] = []
  const order = [...changes.keys()].map((place) => ({ place, at: random() })).sort((a, b) => a.at - b.at)
  const waiting = order.map(({ place }) => place)
  // A record that another of its own changes points to goes back after that one: as often as there are changes.
  for (let round = 0; waiting.length > 0 && round < changes.length; round += 1) {
    const left = waiting.slice()
    for (const place of left) {
      const { state, undonePlaces } = await asTenant(database, decider, (tx) => readProposal(tx, id))
      const done =
        state === 'undone' || undonePlaces.includes(place)
          ? 'done'
          : await attempt(undo(database, { proposalId: id, decider, now, places: [place] }))
      if (done === 'done') waiting.splice(waiting.indexOf(place), 1)
      else if (done !== 'conflict') faults.push(`an item answered ${done}`)
    }
  }
  return [...faults, ...waiting.map((place) => `change ${place} stayed`)]
}

/** Writes over a record of the proposal by hand; answers its id, or undefined where none of them can be. */
const editByHand = async (team: Team, { changes }: StoredProposal): Promise<string | undefined> => {
  const one = changes.find(({ op, entity }) => op !== 'merge' && EDITED[entity] !== undefined)
  if (!one) return undefined
  const table = TABLE[one.entity] ?? `crm.${one.entity}`
  await team.query(
    sql`update ${sql.raw(table)} set ${sql.raw(EDITED[one.entity]!)} = 'by hand' where id = ${one.id}::uuid`,
  )
  return one.id
}

const afterAnEdit = async (team: Team, proposal: StoredProposal): Promise<readonly string[] | undefined> => {
  const edited = await editByHand(team, proposal)
  if (edited === undefined) return undefined
  const { database, owner: decider, now } = team
  const left = await team.snapshot()
  const said = await attempt(undo(database, { proposalId: proposal.id, decider, now }))
  const faults = said === 'conflict' ? [] : [`after an edit undo answered ${said}`]
  if ((await team.snapshot()) !== left) faults.push('something was taken back in spite of an edit')
  for (const place of proposal.changes.keys()) {
    await attempt(undo(database, { proposalId: proposal.id, decider, now, places: [place] }))
  }
  if (!(await team.rowsById()).get(edited)?.includes('by hand')) faults.push('an edit was overwritten')
  return faults
}

export interface RoundTrips {
  /** How often each wish was carried out and taken back, by way. */
  readonly ends: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly faults: readonly string[]
}

/**
 * Carries random changes out and takes them back, `count` times, each wish first in turn. A fault is a row that is not
 * as it was, a later edit that was overwritten or not told of, or a refusal other than of wishes that contradict each
 * other. `makeTeam` is asked for a new workspace now and then.
 */
export const runRoundTrips = async (
  makeTeam: () => Promise<Team>,
  {
    count,
    seed,
    onTurn,
  }: {
    readonly count: number
    readonly seed: number
    /** Told before each turn how many are done, and how many faults there were. */
    readonly onTurn?: (done: number, faults: number) => void
  },
): Promise<RoundTrips> => {
  const random = randomFrom(seed)
  const ends: Record<string, Record<string, number>> = {}
  const faults: string[] = []
  const note = (turn: number, end: string): void => {
    const tally = (ends[WISHES[turn % WISHES.length]!] ??= {})
    tally[end] = (tally[end] ?? 0) + 1
  }
  let team: Team | undefined
  for (let turn = 0; turn < count; turn += 1) {
    onTurn?.(turn, faults.length)
    team ??= await makeTeam()
    const wishes = wishesOf(team, turn, random)
    const isRestored = JSON.stringify(wishes).includes('"restore"')
    if (isRestored)
      await team.query(sql`update crm.deals set deleted_at = now() where id = ${team.ids.other}`)
    const before = await team.rowsById()
    let proposal: StoredProposal
    try {
      proposal = (await team.propose(wishes)).proposal
    } catch (error) {
      if (
        ![
          'set_twice',
          'no_change',
          'changed_twice',
          'bad_reference',
          'record_not_found',
          'archived',
        ].includes(codeOf(error))
      )
        faults.push(`${turn}: refused with ${codeOf(error)}`)
      note(turn, 'contradiction')
      team = undefined
      continue
    }
    const { state, failure } = await team.carryOut(proposal)
    if (state !== 'executed') {
      faults.push(`${turn}: ${state} ${failure ?? ''}`)
      team = undefined
      continue
    }
    const way = WAYS[Math.floor(turn / WISHES.length) % WAYS.length]!
    const found = way === 'edited since' ? await afterAnEdit(team, proposal) : undefined
    if (found) faults.push(...found.map((fault) => `${turn} ${way}: ${fault}`))
    else {
      const wrong = way === 'by item' ? await undoItems(team, proposal, random) : []
      if (way !== 'by item')
        await undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })
      const unlike = differences(before, await team.rowsById())
      faults.push(
        ...[...wrong, ...unlike].map(
          (fault) => `${turn} ${way} of ${JSON.stringify(wishes).slice(0, 300)}: ${fault}`,
        ),
      )
    }
    note(turn, found ? way : way === 'edited since' ? 'whole' : way)
    if (way === 'edited since' || isRestored) team = undefined
  }
  return { ends, faults }
}

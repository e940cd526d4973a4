import { bulkLoad } from '../db/bulk-load.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { refreshStatistics } from '../db/statistics.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { FAMILY, GIVEN, NICKNAMES } from './imports/testing/dirty-words.ts'
import { NATIVE_FAMILY, NATIVE_GIVEN } from './imports/testing/messy-words.ts'
import { createRandom } from './imports/testing/random.ts'
import type { Random } from './imports/testing/random.ts'

/** How a planted twin differs from the record it doubles. */
export const PLANTED = [
  'slip in the name, same company',
  'short name, same company',
  'family name first, same company',
  'initial, same number',
  'other company, same number',
  'no company, same before the @',
  'other script, same company',
  'no company, rare name',
] as const
export const PLANTED_COMPANIES = [
  'slip in the name',
  'other legal form',
  'a word shortened',
  'another ending of the domain',
] as const

export interface Planted {
  readonly kind: string
  readonly ids: readonly [string, string]
}

interface Person {
  readonly id: string
  readonly given_name: string
  readonly family_name: string
  readonly company_id: string | null
}
interface Batch {
  readonly people: Person[]
  readonly addresses: object[]
  readonly phones: object[]
}

const ENDINGS = 'son sen mann berg ova ski stein dahl wick ford well ley ton hart field more land shaw'.split(
  ' ',
)
const SYLLABLES = 'bar bel cor dan del fen gal har kel lin mar nor pel ral sal tor val wen yar zor'.split(' ')
/** Family names by the thousand, few of them alike. */
const familyOf = (random: Random): string => {
  if (random.chance(0.2)) return random.pick(FAMILY)
  const word = random.pick(SYLLABLES) + random.pick(SYLLABLES) + random.pick(ENDINGS)
  return word[0]!.toUpperCase() + word.slice(1)
}

/** Two letters change places, after the first one. */
const slipped = (word: string): string => {
  const at = Math.max(1, Math.floor(word.length / 2) - 1)
  return word.slice(0, at) + (word[at + 1] ?? '') + word[at]! + word.slice(at + 2)
}

const insert = async (
  tx: TenantTx,
  table: string,
  columns: string,
  records: readonly object[],
): Promise<void> => {
  const names = columns.split(', ').map((column) => column.split(' ')[0]!)
  await rows(
    tx,
    sql`insert into ${sql.raw(table)} (tenant_id, ${sql.raw(names.join(', '))})
      select core.current_tenant(), g.* from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as g(${sql.raw(columns)})`,
  )
}

const makeCompanies = (count: number, planted: number, random: Random) => {
  const all: { id: string; name: string; domain: string | null }[] = []
  const twins: Planted[] = []
  const used = new Set<string>()
  while (all.length < count) {
    const word = familyOf(random)
    const name = `${word} ${random.pick(['Labs', 'Foods', 'Insurance', 'Robotics', 'Logistics', 'Energy', 'Studios', 'Marine'])}`
    if (used.has(name)) continue
    used.add(name)
    all.push({ id: newId(), name, domain: `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}.example` })
  }
  for (let at = 0; at < planted; at += 1) {
    const one = all[at * 7]!
    const kind = PLANTED_COMPANIES[at % PLANTED_COMPANIES.length]!
    const [first = '', second = ''] = one.name.split(' ')
    const id = newId()
    const twin = {
      'slip in the name': { name: `${slipped(first)} ${second}`, domain: null },
      'other legal form': { name: `The ${one.name} Company GmbH`, domain: null },
      'a word shortened': { name: `${first} ${second.slice(0, 4)}.`, domain: null },
      'another ending of the domain': { name: one.name, domain: one.domain!.replace('.example', '.test') },
    }[kind]
    all.push({ id, ...twin })
    twins.push({ kind, ids: [one.id, id] })
  }
  return { all, twins }
}

const twinOf = (
  kind: (typeof PLANTED)[number],
  one: Person,
  at: number,
  batch: Batch,
  otherCompany: string,
): Person => {
  const id = newId()
  const { given_name: given, family_name: family, company_id: company } = one
  const phone = `+1415${String(6_000_000 + at)}`
  const say = (person_id: string): void => void batch.phones.push({ id: newId(), person_id, number: phone })
  const write = (person_id: string, address: string): void =>
    void batch.addresses.push({ id: newId(), person_id, address, is_primary: false })
  const twin = (given_name: string, family_name: string, company_id: string | null): Person => ({
    id,
    given_name,
    family_name,
    company_id,
  })
  switch (kind) {
    case 'slip in the name, same company':
      return twin(given, slipped(family), company)
    case 'short name, same company':
      return twin(NICKNAMES[given] ?? given, family, company)
    case 'family name first, same company':
      return twin(family.toUpperCase(), given, company)
    case 'initial, same number':
      say(one.id)
      say(id)
      return twin(`${given[0]}.`, family, null)
    case 'other company, same number':
      say(one.id)
      say(id)
      return twin(given, family, otherCompany)
    case 'no company, same before the @': {
      const local = `${given}.${family}`
        .toLowerCase()
        .normalize('NFD')
        .replaceAll(/[^a-z.]/g, '')
      write(one.id, `${local}${at}@acre.example`)
      write(id, `${local}${at}@gmail.com`)
      return twin(given, family, null)
    }
    case 'other script, same company': {
      const [first, last] = [
        NATIVE_GIVEN[at % NATIVE_GIVEN.length]!,
        NATIVE_FAMILY[at % NATIVE_FAMILY.length]!,
      ]
      batch.people.splice(batch.people.indexOf(one), 1, {
        ...one,
        given_name: first[0]!,
        family_name: last[0]!,
      })
      return twin(first.at(-1)!, last.at(-1)!, company)
    }
    case 'no company, rare name':
      batch.people.splice(batch.people.indexOf(one), 1, {
        ...one,
        family_name: `${family}quist${rareWord(at)}`,
      })
      return twin(given, `${family}quist${rareWord(at)}`, null)
  }
}

const rareWord = (at: number): string =>
  at.toString(26).replaceAll(/[0-9]/g, (digit) => 'qrstuvwxyz'[Number(digit)]!)

export interface PlantOptions {
  readonly people: number
  readonly planted: number
  readonly seed?: number
}

/**
 * Fills a workspace with made-up people and companies, some of them twice in known ways, in batches, so that the filler
 * holds few in memory. Answers the twins.
 */
export const plantDuplicates = async (
  database: Database,
  actor: Actor,
  { people: count, planted, seed = 1 }: PlantOptions,
): Promise<{ readonly people: readonly Planted[]; readonly companies: readonly Planted[] }> => {
  const random = createRandom(seed)
  const { all: companies, twins } = makeCompanies(
    Math.max(20, Math.ceil(count / 20)),
    Math.ceil(planted / 10),
    random,
  )
  const found: Planted[] = []
  const every = Math.floor(count / planted)
  const nicknamed = Object.keys(NICKNAMES)
  await asTenant(
    database,
    actor,
    (tx) =>
      bulkLoad(tx, async () => {
        await insert(tx, 'crm.companies', 'id uuid, name text, domain text', companies)
        for (let from = 0; from < count; from += 5_000) {
          const batch: Batch = { people: [], addresses: [], phones: [] }
          for (let at = from; at < Math.min(count, from + 5_000); at += 1) {
            const place = Math.floor(at / every)
            const kind = at % every === 0 && place < planted ? PLANTED[place % PLANTED.length]! : undefined
            const given = kind?.startsWith('short') ? random.pick(nicknamed) : random.pick(GIVEN)
            const company = random.chance(0.9) || kind ? random.pick(companies).id : null
            const one = { id: newId(), given_name: given, family_name: familyOf(random), company_id: company }
            batch.people.push(one)
            batch.addresses.push({
              id: newId(),
              person_id: one.id,
              address: `p${seed}.${at}@mail.example`,
              is_primary: true,
            })
            if (!kind) continue
            const twin = twinOf(kind, one, place, batch, random.pick(companies).id)
            batch.people.push(twin)
            found.push({ kind, ids: [one.id, twin.id] })
          }
          await insert(
            tx,
            'crm.people',
            'id uuid, given_name text, family_name text, company_id uuid',
            batch.people,
          )
          await insert(
            tx,
            'crm.person_emails',
            'id uuid, person_id uuid, address text, is_primary boolean',
            batch.addresses,
          )
          await insert(tx, 'crm.person_phones', 'id uuid, person_id uuid, number text', batch.phones)
        }
      }),
    { timeoutMs: 900_000 },
  )
  await refreshStatistics(database, ['companies', 'people', 'person_emails', 'person_phones'])
  return { people: found, companies: twins }
}

/** Of planted twins, how many are among the pairs found, in all and by kind; and how many pairs are nobody's twins. */
export const judgeDuplicates = (
  planted: readonly Planted[],
  pairs: readonly { readonly keep: string; readonly merge: string }[],
) => {
  const keyOf = (a: string, b: string): string => (a < b ? `${a}/${b}` : `${b}/${a}`)
  const found = new Set(pairs.map(({ keep, merge }) => keyOf(keep, merge)))
  const twins = new Set(planted.map(({ ids: [a, b] }) => keyOf(a, b)))
  const kinds = new Map<string, { found: number; of: number }>()
  for (const { kind, ids } of planted) {
    const held = kinds.get(kind) ?? { found: 0, of: 0 }
    kinds.set(kind, { found: held.found + (found.has(keyOf(...ids)) ? 1 : 0), of: held.of + 1 })
  }
  const right = [...twins].filter((key) => found.has(key)).length
  return {
    recall: right / Math.max(1, twins.size),
    precision: right / Math.max(1, found.size),
    others: [...found].filter((key) => !twins.has(key)).length,
    kinds,
  }
}

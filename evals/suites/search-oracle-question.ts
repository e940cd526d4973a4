import { recordUri } from '../../domain/records.ts'
import { COMMON, pick, WORDS } from './search-oracle-house.ts'
import type { OracleHouse, OracleMail, OracleParty, Random } from './search-oracle-house.ts'

type PartyTest = (party: OracleParty) => boolean
type MailTest = (mail: OracleMail) => boolean

/** What `search_email` is given, and what must hold of a message that it finds, told by reading the message. */
export interface OracleQuestion {
  /** Arguments of the tool. */
  readonly input: Readonly<Record<string, unknown>> & { readonly query: string }
  readonly filters: readonly MailTest[]
  readonly words: readonly MailTest[]
  readonly phrases: readonly MailTest[]
  readonly excluded: readonly MailTest[]
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const tokensOf = (text: string): readonly string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Everything of a message that words are looked for in. */
const allTokens = ({ subject, body, quoted, writer }: OracleMail): ReadonlySet<string> =>
  new Set([subject, body, quoted ?? '', writer.name ?? '', writer.address].flatMap(tokensOf))

const cache = new WeakMap<OracleMail, ReadonlySet<string>>()
const tokensIn = (mail: OracleMail): ReadonlySet<string> => {
  const known = cache.get(mail) ?? allTokens(mail)
  cache.set(mail, known)
  return known
}

const holdsAll =
  (tokens: readonly string[]): MailTest =>
  (mail) =>
    tokens.every((token) => tokensIn(mail).has(token))
const holdsBeginning =
  (beginning: string): MailTest =>
  (mail) =>
    [...tokensIn(mail)].some((token) => token.startsWith(beginning))

/** The tokens stand one after another in the subject, or in the new text. */
const holdsInOrder =
  (tokens: readonly string[]): MailTest =>
  (mail) =>
    [mail.subject, mail.body].some((text) =>
      ` ${tokensOf(text).join(' ')} `.includes(` ${tokens.join(' ')} `),
    )

const any =
  (tests: readonly MailTest[]): MailTest =>
  (mail) =>
    tests.some((test) => test(mail))

/** A word as typed, with its test; undefined for a word that is too common. */
const wordOf = (random: Random): readonly [string, MailTest | undefined] => {
  const word = pick(random, WORDS)
  switch (random(12)) {
    case 0:
      return [pick(random, COMMON), undefined]
    case 1:
      return [`${word.slice(0, 3)}*`, holdsBeginning(fold(word.slice(0, 3)))]
    case 2: {
      const other = pick(random, WORDS)
      return [`${word}-${other}`, holdsAll([fold(word), fold(other)])]
    }
    case 3:
      return ['dana', holdsAll(['dana'])]
    default:
      return [word, holdsAll([fold(word)])]
  }
}

const phraseOf = (random: Random): readonly [string, MailTest] => {
  const words = [pick(random, WORDS), ...(random(4) === 0 ? [pick(random, COMMON)] : []), pick(random, WORDS)]
  return [`"${words.join(' ')}"`, holdsInOrder(words.map(fold))]
}

const readBy =
  (test: PartyTest): MailTest =>
  ({ readers }) =>
    readers.some(({ party, kind, isDeleted }) => !isDeleted && kind !== 'reply_to' && test(party))

/** Somebody as typed: an address, a part of it or of a name, or a record. */
const partyOf = (random: Random, { companies, parties }: OracleHouse): readonly [string, PartyTest] => {
  const party = pick(random, parties)
  switch (random(4)) {
    case 0:
      return [party.address.toUpperCase(), (one) => one.address === party.address]
    case 1: {
      const part = pick(random, [
        'nimbus',
        'MULLER',
        'müller',
        'er_sc',
        '100%',
        'dana',
        'team',
        '@nimbus',
        'nobody',
      ])
      const folded = fold(part)
      return [
        part,
        ({ address, name }) =>
          address.toLowerCase().includes(part.toLowerCase()) ||
          (name !== null && fold(name).includes(folded)),
      ]
    }
    case 2: {
      const company = pick(random, companies)
      return [
        recordUri({ entity: 'companies', id: company.id }),
        ({ companyId, address }) =>
          companyId === company.id || (company.domain !== null && address.split('@')[1] === company.domain),
      ]
    }
    default: {
      if (party.personId !== null)
        return [
          recordUri({ entity: 'people', id: party.personId }),
          ({ personId }) => personId === party.personId,
        ]
      if (party.memberId !== null)
        return [
          recordUri({ entity: 'members', id: party.memberId }),
          ({ memberId }) => memberId === party.memberId,
        ]
      return [party.address, (one) => one.address === party.address]
    }
  }
}

const companyOf = (random: Random, { companies }: OracleHouse): readonly [string, MailTest] => {
  const company = pick(random, companies)
  if (random(2) === 0)
    return [recordUri({ entity: 'companies', id: company.id }), ({ companyId }) => companyId === company.id]
  const part = pick(random, ['nimbus', 'zurich', 'GLAS', 'ox_%', 'x_', 'example', 'nowhere'])
  const meant = companies.filter(
    ({ name, domain }) => fold(name).includes(fold(part)) || (domain?.includes(part.toLowerCase()) ?? false),
  )
  return [part, ({ companyId }) => meant.some(({ id }) => id === companyId)]
}

/** First moment of a day in Berlin, whose clocks change on 29 March and 25 October 2026. */
const berlin = (month: number, day: number): number => {
  const isSummer = (month > 3 || (month === 3 && day > 29)) && (month < 10 || (month === 10 && day <= 25))
  return Date.UTC(2026, month - 1, day) - (isSummer ? 2 : 1) * 3_600_000
}

/** A day or a month as typed, and when it begins in Berlin. */
const momentOf = (random: Random): readonly [string, number] => {
  const [month, day] = [1 + random(10), 1 + random(28)]
  const two = (value: number): string => String(value).padStart(2, '0')
  return random(3) === 0
    ? [`2026-${two(month)}`, berlin(month, 1)]
    : [`2026-${two(month)}-${two(day)}`, berlin(month, day)]
}

type Filter = readonly [name: string, typed: string, test: MailTest]

const FILTERS: Readonly<
  Record<string, (random: Random, house: OracleHouse, mails: readonly OracleMail[]) => Filter>
> = {
  from: (random, house) => {
    const [typed, test] = partyOf(random, house)
    return ['from', typed, ({ writer }) => test(writer)]
  },
  to: (random, house) => {
    const [typed, test] = partyOf(random, house)
    return ['to', typed, readBy(test)]
  },
  with: (random, house) => {
    const [typed, test] = partyOf(random, house)
    return ['with', typed, any([({ writer }) => test(writer), readBy(test)])]
  },
  company: (random, house) => ['company', ...companyOf(random, house)],
  after: (random) => {
    const [typed, from] = momentOf(random)
    return ['after', typed, ({ sentAt }) => Date.parse(sentAt) >= from]
  },
  before: (random) => {
    const [typed, from] = momentOf(random)
    return ['before', typed, ({ sentAt }) => Date.parse(sentAt) < from]
  },
  direction: (random) => {
    const direction = pick(random, ['inbound', 'outbound', 'internal'] as const)
    return ['direction', direction, (mail) => mail.direction === direction]
  },
  has_attachment: (random) => {
    const has = random(2) === 0
    return ['has_attachment', String(has), ({ hasAttachment }) => hasAttachment === has]
  },
  in_thread: (random, _house, mails) => {
    const { threadId } = pick(random, mails)
    return ['in_thread', recordUri({ entity: 'threads', id: threadId }), (mail) => mail.threadId === threadId]
  },
}

const SAID: Readonly<Record<string, string>> = { inbound: 'received', outbound: 'sent', internal: 'internal' }

/** The filter as an operator in the text; undefined when only an argument can say it. */
const asOperator = ([name, typed]: Filter): string | undefined => {
  switch (name) {
    case 'in_thread':
      return undefined
    case 'direction':
      return `is:${SAID[typed]!}`
    case 'has_attachment':
      return `${typed === 'true' ? '' : '-'}has:attachment`
    default:
      return /\s/.test(typed) ? `${name}:"${typed}"` : `${name}:${typed}`
  }
}

const shuffled = (random: Random, list: readonly string[]): readonly string[] =>
  list
    .map((item) => [random(1_000_000), item] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item)

/** Words, phrases, what is left out, and up to four filters, each as an argument or as an operator in the text. */
export const questionOf = (
  random: Random,
  house: OracleHouse,
  mails: readonly OracleMail[],
): OracleQuestion => {
  const typed: string[] = []
  const words: MailTest[] = []
  const phrases: MailTest[] = []
  const excluded: MailTest[] = []
  for (let left = random(3); left > 0; left -= 1) {
    const [text, test] = wordOf(random)
    typed.push(text)
    if (test) words.push(test)
  }
  if (random(5) === 0) {
    const [text, test] = phraseOf(random)
    typed.push(text)
    phrases.push(test)
  }
  if (random(4) === 0) {
    const isPhrase = random(3) === 0
    const [text, test] = isPhrase ? phraseOf(random) : wordOf(random)
    typed.push(`-${text}`)
    if (test) excluded.push(test)
  }
  const names = shuffled(random, Object.keys(FILTERS)).slice(0, random(5))
  const input: Record<string, unknown> = {}
  const filters = names.map((name) => {
    const filter = FILTERS[name]!(random, house, mails)
    const operator = random(2) === 0 ? asOperator(filter) : undefined
    if (operator === undefined) input[name] = name === 'has_attachment' ? filter[1] === 'true' : filter[1]
    else typed.push(operator)
    return filter[2]
  })
  return {
    input: {
      ...input,
      query: shuffled(random, typed).join(' '),
      ...(random(4) === 0 ? { mode: 'auto' } : { mode: 'keyword' }),
      ...(random(4) === 0 ? { sort: pick(random, ['newest', 'oldest'] as const) } : {}),
      ...(random(8) === 0 ? { dedupe_threads: true } : {}),
    },
    filters,
    words,
    phrases,
    excluded,
  }
}

/** Whether whoever asks may see the message at all, and the filters and left-out words let it through. */
export const letsThrough = (
  house: OracleHouse,
  mail: OracleMail,
  { filters, excluded }: OracleQuestion,
): boolean =>
  !mail.isDeleted &&
  (mail.onlyFor === null || mail.onlyFor === house.actor.memberId) &&
  filters.every((test) => test(mail)) &&
  !excluded.some((test) => test(mail))

/** Whether the message holds the words and phrases of the question. */
export const holdsWords = (mail: OracleMail, { words, phrases }: OracleQuestion): boolean =>
  phrases.length > 0 ? phrases.every((test) => test(mail)) : words.length === 0 || any(words)(mail)

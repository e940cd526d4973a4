import { HANDLE_LABELS } from '../domain/handle.ts'
import type { HandleForm, HandleLabel } from '../domain/handle.ts'
import { recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { createPairTable } from './pair-table.ts'
import type { KnownForm } from './types.ts'
import { createWordList, foldWord, readWords } from './words.ts'
import type { WordList } from './words.ts'

/** What a stretch of text may stand for. */
export type Meaning = Omit<KnownForm, 'text'>

/** Known words found in a text, in UTF-16 offsets; several meanings when several records are called so. */
export interface DictionaryMatch {
  readonly start: number
  readonly end: number
  readonly meanings: readonly Meaning[]
}

/** Everything the workspace knows by name: a trie over whole words that takes and drops records at any time. */
export interface Dictionary {
  add(form: KnownForm): void
  /** Drops every form of a record. */
  remove(record: RecordRef): void
  /**
   * Every known form at every word of the text, by start, longest first; overlaps are left to the caller. `words` are
   * those of the text, where the caller has read them already.
   */
  findAll(text: string, words?: WordList): readonly DictionaryMatch[]
  /** The longest forms, left to right, without overlaps. */
  find(text: string): readonly DictionaryMatch[]
  /** The meanings of a text that is exactly one known form. */
  lookup(text: string): readonly Meaning[]
  /** First names of one word that start with `prefix` (three letters at least) and are longer than it. */
  firstNamesFrom(prefix: string): readonly Meaning[]
  /** Forms held. */
  readonly size: number
  /** Grows with every change. */
  readonly version: number
}

const FORMS: readonly HandleForm[] = ['full', 'first', 'last']
const MOST_WORDS = 16
/** Meanings that are kept in lists, some 100 bytes each. */
const MOST_LISTED = 200_000
/** One bit for each hash of a first word, small enough to stay in the processor's cache: most words begin no form. */
const FIRST_BITS = 23

/** A flat array that grows by half when it is full. */
const createColumn = (): { get(at: number): number; set(at: number, value: number): void } => {
  let cells = new Uint32Array(256)
  return {
    get: (at) => cells[at] ?? 0,
    set(at, value) {
      if (at >= cells.length) {
        const next = new Uint32Array(Math.max(at + 1, Math.ceil(cells.length * 1.5)))
        next.set(cells)
        cells = next
      }
      cells[at] = value
    },
  }
}

const isInitial = (text: string, start: number, end: number): boolean =>
  end - start === 1 && /\p{L}/u.test(text.charAt(start))

export const createDictionary = (): Dictionary => {
  const edges = createPairTable()
  const ownWords = createWordList()
  const firstWords = new Uint32Array(1 << (FIRST_BITS - 5))
  const added = createWordList(32)
  /** Forms are numbered from 1; 0 means none. */
  const firstFormOf = createColumn()
  const nextForm = createColumn()
  const stateOfForm = createColumn()
  const recordOfForm = createColumn()
  const kindOfForm = createColumn()
  const nextOfRecord = createColumn()
  const values = new Map<number, string>()
  const records: (RecordRef | undefined)[] = [undefined]
  const recordNumbers = new Map<string, number>()
  const firstFormOfRecord = createColumn()
  const freeForms: number[] = []
  const freeRecords: number[] = []
  const firstNames = new Map<string, Map<string, number>>()
  let states = 1
  let forms = 1
  let size = 0
  let version = 0

  const step = (state: number, one: number, two: number): number =>
    edges.get((one ^ Math.imul(state, 0x9e3779b1)) >>> 0, (two + Math.imul(state, 0x85ebca6b)) >>> 0)

  const walk = (text: string, create: 'create' | 'look'): number => {
    readWords(text, added)
    let state = 0
    for (let at = 0; at < added.count; at += 1) {
      const one = added.first[at]!
      const two = added.second[at]!
      let next = step(state, one, two)
      if (next === 0) {
        if (create === 'look') return 0
        next = states
        states += 1
        edges.put(
          (one ^ Math.imul(state, 0x9e3779b1)) >>> 0,
          (two + Math.imul(state, 0x85ebca6b)) >>> 0,
          next,
        )
        if (state === 0) firstWords[one >>> (37 - FIRST_BITS)]! |= 1 << ((one >>> (32 - FIRST_BITS)) & 31)
      }
      state = next
    }
    return state
  }

  const numberOf = (record: RecordRef): number => {
    const uri = recordUri(record)
    const known = recordNumbers.get(uri)
    if (known !== undefined) return known
    const number = freeRecords.pop() ?? records.length
    records[number] = record
    recordNumbers.set(uri, number)
    firstFormOfRecord.set(number, 0)
    return number
  }

  const kindOf = ({ label, form, needs }: Meaning): number =>
    HANDLE_LABELS.indexOf(label) * 8 + FORMS.indexOf(form) * 2 + (needs === 'always' ? 1 : 0)

  const meaningOf = (form: number): Meaning => {
    const kind = kindOfForm.get(form)
    const value = values.get(form)
    return {
      label: HANDLE_LABELS[kind >>> 3] as HandleLabel,
      form: FORMS[(kind >>> 1) & 3]!,
      needs: kind & 1 ? 'always' : 'context',
      record: records[recordOfForm.get(form)]!,
      ...(value === undefined ? {} : { value }),
    }
  }

  /** Lists of meanings that were asked for, by state: the same list until it changes. */
  const lists = new Map<number, readonly Meaning[]>()
  let listed = 0

  const meaningsAt = (state: number): readonly Meaning[] => {
    const before = lists.get(state)
    if (before) return before
    const found: Meaning[] = []
    for (let form = firstFormOf.get(state); form !== 0; form = nextForm.get(form)) found.push(meaningOf(form))
    listed += found.length
    if (listed > MOST_LISTED) {
      lists.clear()
      listed = found.length
    }
    lists.set(state, found)
    return found
  }

  const changeAt = (state: number): void => {
    listed -= lists.get(state)?.length ?? 0
    lists.delete(state)
    version += 1
  }

  const noteFirstName = (text: string, state: number): void => {
    const folded = foldWord(text)
    if (folded.length < 4 || added.count !== 1) return
    const key = folded.slice(0, 3)
    const sharing = firstNames.get(key) ?? new Map<string, number>()
    firstNames.set(key, sharing.set(folded, state))
  }

  const unlink = (form: number): void => {
    const state = stateOfForm.get(form)
    let at = firstFormOf.get(state)
    if (at === form) firstFormOf.set(state, nextForm.get(form))
    else {
      while (nextForm.get(at) !== form) at = nextForm.get(at)
      nextForm.set(at, nextForm.get(form))
    }
    values.delete(form)
    freeForms.push(form)
    size -= 1
    changeAt(state)
  }

  /**
   * Follows the words from `from` in `state`, noting where forms end. A single letter may be a middle initial that the
   * record does not have: the walk also goes on without it, once.
   */
  const follow = (
    text: string,
    words: WordList,
    from: number,
    at: number,
    state: number,
    ends: number[],
    skips: number,
  ): void => {
    let here = state
    for (let next = at; next < words.count && next - from < MOST_WORDS; next += 1) {
      if (next > from && words.breaks[next] === 1) return
      if (skips > 0 && next > from && isInitial(text, words.start[next]!, words.end[next]!)) {
        follow(text, words, from, next + 1, here, ends, skips - 1)
      }
      here = step(here, words.first[next]!, words.second[next]!)
      if (here === 0) return
      if (firstFormOf.get(here) !== 0) ends.push(here, words.end[next]!)
    }
  }

  const mayBegin = (one: number): boolean =>
    (firstWords[one >>> (37 - FIRST_BITS)]! & (1 << ((one >>> (32 - FIRST_BITS)) & 31))) !== 0

  const findAll = (text: string, given?: WordList): DictionaryMatch[] => {
    const words = given ?? readWords(text, ownWords)
    const { first, second } = words
    const found: DictionaryMatch[] = []
    const ends: number[] = []
    for (let from = 0; from < words.count; from += 1) {
      const one = first[from]!
      if (!mayBegin(one) || step(0, one, second[from]!) === 0) continue
      ends.length = 0
      follow(text, words, from, from, 0, ends, 1)
      const begin = found.length
      for (let at = 0; at < ends.length; at += 2) {
        found.push({ start: words.start[from]!, end: ends[at + 1]!, meanings: meaningsAt(ends[at]!) })
      }
      if (found.length - begin > 1) {
        const sorted = found.splice(begin).toSorted((a, b) => b.end - a.end)
        found.push(...sorted)
      }
    }
    return found
  }

  return {
    add(form) {
      const state = walk(form.text, 'create')
      if (state === 0 || added.count > MOST_WORDS) return
      const number = numberOf(form.record)
      const kind = kindOf(form)
      for (let at = firstFormOf.get(state); at !== 0; at = nextForm.get(at)) {
        if (recordOfForm.get(at) === number && kindOfForm.get(at) === kind) return
      }
      const at = freeForms.pop() ?? forms++
      stateOfForm.set(at, state)
      recordOfForm.set(at, number)
      kindOfForm.set(at, kind)
      nextForm.set(at, firstFormOf.get(state))
      firstFormOf.set(state, at)
      nextOfRecord.set(at, firstFormOfRecord.get(number))
      firstFormOfRecord.set(number, at)
      if (form.value !== undefined) values.set(at, form.value)
      if (form.form === 'first') noteFirstName(form.text, state)
      size += 1
      changeAt(state)
    },
    remove(record) {
      const uri = recordUri(record)
      const number = recordNumbers.get(uri)
      if (number === undefined) return
      for (let form = firstFormOfRecord.get(number); form !== 0;) {
        const next = nextOfRecord.get(form)
        unlink(form)
        form = next
      }
      recordNumbers.delete(uri)
      records[number] = undefined
      freeRecords.push(number)
      version += 1
    },
    findAll,
    find(text) {
      const chosen: DictionaryMatch[] = []
      let free = 0
      for (const match of findAll(text)) {
        if (match.start < free) continue
        chosen.push(match)
        free = match.end
      }
      return chosen
    },
    lookup(text) {
      const state = walk(text, 'look')
      return state === 0 ? [] : meaningsAt(state)
    },
    firstNamesFrom(prefix) {
      const folded = foldWord(prefix)
      const found: Meaning[] = []
      for (const [name, state] of firstNames.get(folded.slice(0, 3)) ?? []) {
        if (name.length <= folded.length || !name.startsWith(folded)) continue
        found.push(...meaningsAt(state).filter((meaning) => meaning.form === 'first'))
      }
      return found
    },
    get size() {
      return size
    },
    get version() {
      return version
    },
  }
}

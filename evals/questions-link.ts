import { checkDigit, formatHandle } from '../domain/handle.ts'
import type { HandleLabel } from '../domain/handle.ts'
import type { LegendEntry } from '../agent/legend.ts'

/** A workspace as an evaluation set describes it: the names its questions use. */
export interface NamedWorkspace {
  readonly key: string
  readonly vertical: 'fund' | 'sales' | 'brokerage'
  readonly members: readonly string[]
  readonly me: string
  readonly stages: readonly string[]
  readonly companies: readonly string[]
  readonly people: readonly string[]
  readonly deals: readonly string[]
}

export interface Known {
  readonly handle: string
  readonly is: string
  readonly name: string
}

const ENTITY: Readonly<Record<string, string>> = {
  PERSON: 'people',
  COMPANY: 'companies',
  DEAL: 'deals',
  MEMBER: 'members',
}

export interface Linker {
  /** Members, people, companies and deals, each in the order given. */
  readonly known: readonly Known[]
  /** A question as the redaction layer hands it on: names as handles, and the legend of them. */
  readonly link: (text: string) => { readonly said: string; readonly legend: readonly LegendEntry[] }
  readonly handleOf: (name: string) => string | undefined
  readonly nameOf: (handle: string) => string | undefined
  /** The words that stand for several people, by their handle. */
  readonly wordsOf: (handle: string) => string | undefined
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Links the names of one workspace: full names, first and last names, a short first name ("Sam" for Samira), a plural
 * family name. Two people behind one word make it ambiguous.
 */
export const linkerFor = (
  workspace: Partial<NamedWorkspace> & Pick<NamedWorkspace, 'members' | 'people' | 'companies' | 'deals'>,
): Linker => {
  let next = 1000
  const known: Known[] = []
  const make = (label: HandleLabel): string => {
    next += 37
    const digits = String(next)
    return formatHandle(label, `${digits}${checkDigit(digits)}`)
  }
  const add = (label: HandleLabel, name: string): void => {
    known.push({ handle: make(label), is: ENTITY[label]!, name })
  }
  for (const name of workspace.members) add('MEMBER', name)
  for (const name of workspace.people) add('PERSON', name)
  for (const name of workspace.companies) add('COMPANY', name)
  for (const name of workspace.deals) add('DEAL', name)

  const forms = new Map<string, Known[]>()
  const form = (text: string, record: Known): void => {
    const list = forms.get(text) ?? []
    if (!list.includes(record)) list.push(record)
    forms.set(text, list)
  }
  const groups = new Map<string, Known[]>()
  for (const record of known) {
    form(record.name, record)
    if (record.is !== 'people' && record.is !== 'members') continue
    const [first, ...rest] = record.name.split(' ')
    const last = rest.at(-1)
    form(first!, record)
    if (last) {
      form(last, record)
      groups.set(`${last}s`, [...(groups.get(`${last}s`) ?? []), record])
    }
    for (const other of known) {
      const short = other.name.split(' ')[0]!
      if (
        other !== record &&
        ['people', 'members'].includes(other.is) &&
        short.length >= 3 &&
        first!.length > short.length &&
        first!.startsWith(short)
      )
        form(short, record)
    }
  }

  const ambiguous = new Map<
    string,
    { handle: string; is: 'ambiguous' | 'group'; records: readonly Known[] }
  >()
  const pick = (text: string): { readonly handle: string; readonly entry: LegendEntry } | undefined => {
    // "Lucas" is Lucas before it is everybody called Luca.
    const named = forms.get(text)
    const group = named ? undefined : groups.get(text)
    const records = named ?? group
    if (!records) return undefined
    if (records.length === 1)
      return { handle: records[0]!.handle, entry: { handle: records[0]!.handle, is: records[0]!.is } }
    let several = ambiguous.get(text)
    if (!several) {
      several = { handle: make('NAME'), is: group ? 'group' : 'ambiguous', records }
      ambiguous.set(text, several)
    }
    return {
      handle: several.handle,
      entry: {
        handle: several.handle,
        is: several.is,
        candidates: several.records.map(({ handle }) => handle),
      },
    }
  }
  const words = [...forms.keys(), ...groups.keys()].sort((a, b) => b.length - a.length)
  const pattern =
    words.length === 0 ? /(?!)/g : new RegExp(`(?<![\\w])(?:${words.map(escape).join('|')})(?!\\w)`, 'g')

  return {
    known,
    wordsOf: (handle) => [...ambiguous].find(([, several]) => several.handle === handle)?.[0],
    link: (text) => {
      const legend = new Map<string, LegendEntry>()
      const said = text.replace(pattern, (match) => {
        const found = pick(match)
        if (!found) return match
        legend.set(found.handle, found.entry)
        return found.handle
      })
      return { said, legend: [...legend.values()] }
    },
    handleOf: (name) => known.find((record) => record.name.toLowerCase() === name.toLowerCase())?.handle,
    nameOf: (handle) => known.find((record) => record.handle === handle)?.name,
  }
}

import type { HandleForm } from '../domain/handle.ts'
import type { RecordRef } from '../domain/records.ts'
import { recordUri } from '../domain/records.ts'
import { createDictionary } from './dictionary.ts'
import type { Dictionary } from './dictionary.ts'
import { companyForms, dealForms, personForms, valueForms } from './forms.ts'
import { createMemoryStore } from './memory-store.ts'
import type { VaultStore } from './types.ts'
import { openVault } from './vault.ts'
import type { Vault } from './vault.ts'

/** A small workspace for tests of this folder: records by name, a dictionary, and a vault over memory. */
export interface Workspace {
  readonly dictionary: Dictionary
  readonly person: (given: string, family: string) => RecordRef
  readonly member: (given: string, family: string) => RecordRef
  readonly company: (name: string, domain?: string) => RecordRef
  readonly deal: (name: string) => RecordRef
  readonly value: (record: RecordRef, label: 'EMAIL' | 'PHONE', text: string) => void
  /** Name of a record in the form asked for. */
  readonly nameOf: (record: RecordRef, form: HandleForm) => string | undefined
  /** What a viewer who may see everything reads for a handle. */
  readonly resolverOf: (vault: Vault) => (number: string, form: HandleForm) => string | undefined
}

export const uuidOf = (at: number): string => `0198f2a0-0000-7000-8000-${String(at).padStart(12, '0')}`

export const createWorkspace = (): Workspace => {
  const dictionary = createDictionary()
  const names = new Map<string, { full: string; first: string; last: string }>()
  let count = 0
  const note = (entity: string, full: string, first = full, last = full): RecordRef => {
    count += 1
    const record = { entity, id: uuidOf(count) }
    names.set(recordUri(record), { full, first, last })
    return record
  }
  const human = (entity: string, label: 'PERSON' | 'MEMBER', given: string, family: string): RecordRef => {
    const record = note(entity, `${given} ${family}`.trim(), given, family)
    for (const form of personForms(record, { given, family, label })) dictionary.add(form)
    return record
  }
  const nameOf = (record: RecordRef, form: HandleForm): string | undefined =>
    names.get(recordUri(record))?.[form]
  return {
    dictionary,
    person: (given, family) => human('people', 'PERSON', given, family),
    member: (given, family) => human('members', 'MEMBER', given, family),
    company(name, domain) {
      const record = note('companies', name)
      for (const form of companyForms(record, { name, domain })) dictionary.add(form)
      return record
    },
    deal(name) {
      const record = note('deals', name)
      for (const form of dealForms(record, name)) dictionary.add(form)
      return record
    },
    value(record, label, text) {
      for (const form of valueForms(record, label, text)) dictionary.add(form)
    },
    nameOf,
    resolverOf: (vault) => (number, form) => {
      const target = vault.resolve(number)
      if (!target) return undefined
      return 'value' in target ? target.value : nameOf(target.record, form)
    },
  }
}

export const testKey = (seed = 7): Uint8Array => new Uint8Array(32).fill(seed)

export const openTestVault = async (seed = 7, store: VaultStore = createMemoryStore()): Promise<Vault> =>
  openVault({ conversationKey: testKey(seed), store })

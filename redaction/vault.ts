import { bug } from '../domain/errors.ts'
import { formatHandle, isCheckedNumber } from '../domain/handle.ts'
import type { HandleForm, HandleLabel } from '../domain/handle.ts'
import { recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { numberAt } from './permutation.ts'
import { deriveKeys, samenessOf, seal, unseal } from './seal.ts'
import type { StoredHandle, VaultStore } from './types.ts'

/** Something that is about to leave and needs a handle. */
export type HandleNeed =
  | { readonly label: HandleLabel; readonly record: RecordRef }
  | { readonly label: HandleLabel; readonly value: string }

/** What a number stands for: a record by id, or the value itself. */
export type HandleTarget = HandleNeed

/** The handles of one conversation. Numbers mean nothing in any other. */
export interface Vault {
  /**
   * Stores a handle for each need that has none yet. Text with handles may leave only after this resolves: until then
   * another process could still win the record's number.
   */
  ensure(needs: readonly HandleNeed[]): Promise<void>
  /** The handle of a record that was ensured before; a bug otherwise. One handle per record, whatever the label. */
  handleForRecord(label: HandleLabel, record: RecordRef, form?: HandleForm): string
  /** The handle of a value that was ensured before; a bug otherwise. */
  handleForValue(label: HandleLabel, value: string): string
  /** What a number stands for; undefined when it was never issued here or its check digit does not hold. */
  resolve(number: string): HandleTarget | undefined
  /** Reads what other processes have issued since. */
  refresh(): Promise<void>
  /** What the handles known to this process stand for. */
  targets(): readonly HandleTarget[]
  /** Handles known to this process. */
  size(): number
}

const BLOCK = 16
/** A value is asked for several times while one result is hidden, and its key is the dearest part of that. */
const MOST_VALUE_KEYS = 1_000

const keyOf = (row: StoredHandle): string => {
  if (row.record) return `r:${recordUri(row.record)}`
  if (row.valueMac !== null) return `v:${row.valueMac}`
  throw bug('empty_handle', 'A stored handle stands for nothing.')
}

/** Opens a conversation's handles. `conversationKey` is 32 random bytes; dropping it makes every value unreadable. */
export const openVault = async ({
  conversationKey,
  store,
}: {
  readonly conversationKey: Uint8Array
  readonly store: VaultStore
}): Promise<Vault> => {
  if (conversationKey.length < 32) throw bug('short_key', 'A conversation key must have 32 bytes.')
  const keys = deriveKeys(conversationKey)
  const byNumber = new Map<string, StoredHandle>()
  const byKey = new Map<string, StoredHandle>()
  const free: number[] = []
  let queue: Promise<void> = Promise.resolve()

  const remember = (rows: readonly StoredHandle[]): void => {
    for (const row of rows) {
      byNumber.set(row.number, row)
      byKey.set(keyOf(row), row)
    }
  }

  const valueKeys = new Map<string, string>()
  const valueKey = (label: HandleLabel, value: string): string => {
    const asked = `${label} ${value}`
    const known = valueKeys.get(asked)
    if (known !== undefined) return known
    const key = `v:${samenessOf(keys.sameness, label, value)}`
    if (valueKeys.size >= MOST_VALUE_KEYS) valueKeys.delete(valueKeys.keys().next().value!)
    valueKeys.set(asked, key)
    return key
  }

  const needKey = (need: HandleNeed): string =>
    'record' in need ? `r:${recordUri(need.record)}` : valueKey(need.label, need.value)

  const rowFor = (need: HandleNeed, position: number): StoredHandle => {
    const number = numberAt(keys.numbers, position)
    return 'record' in need
      ? { number, label: need.label, record: need.record, ciphertext: null, valueMac: null }
      : {
          number,
          label: need.label,
          record: null,
          ciphertext: seal(keys.values, number, need.label, need.value),
          valueMac: samenessOf(keys.sameness, need.label, need.value),
        }
  }

  const issue = async (needs: readonly HandleNeed[]): Promise<void> => {
    const missing = new Map<string, HandleNeed>()
    for (const need of needs) {
      const key = needKey(need)
      if (!byKey.has(key)) missing.set(key, need)
    }
    if (missing.size === 0) return
    if (free.length < missing.size) {
      const count = Math.max(BLOCK, missing.size - free.length)
      const first = await store.reserve(count)
      for (let offset = 0; offset < count; offset += 1) free.push(first + offset)
    }
    const rows = [...missing.values()].map((need) => rowFor(need, free.shift()!))
    remember(await store.save(rows))
    for (const key of missing.keys()) {
      if (!byKey.has(key)) throw bug('handle_lost', 'A handle was stored but not answered by the store.')
    }
  }

  const numberOf = (need: HandleNeed): string => {
    const row = byKey.get(needKey(need))
    if (!row)
      throw bug('handle_not_ensured', `A ${need.label} was about to leave before its handle was stored.`)
    return row.number
  }

  const resolve = (number: string): HandleTarget | undefined => {
    const row = isCheckedNumber(number) ? byNumber.get(number) : undefined
    if (!row) return undefined
    if (row.record) return { label: row.label, record: row.record }
    const value = row.ciphertext && unseal(keys.values, row.number, row.label, row.ciphertext)
    return value === null || value === undefined ? undefined : { label: row.label, value }
  }

  const refresh = async (): Promise<void> => remember(await store.load())
  await refresh()

  return {
    ensure(needs) {
      const turn = queue.then(async () => issue(needs))
      queue = turn.catch(() => undefined)
      return turn
    },
    handleForRecord: (label, record, form = 'full') => formatHandle(label, numberOf({ label, record }), form),
    handleForValue: (label, value) => formatHandle(label, numberOf({ label, value })),
    resolve,
    targets: () => [...byNumber.keys()].flatMap((number) => resolve(number) ?? []),
    refresh,
    size: () => byNumber.size,
  }
}

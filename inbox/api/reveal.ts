import { parseHandle } from '../../domain/handle.ts'
import { parseRecordUri } from '../../domain/records.ts'
import type { PrivacySession } from '../../tools/privacy/session.ts'

interface Known {
  readonly uri: string
  readonly name: string
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const handlesIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return parseHandle(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap(handlesIn)
  return isObject(value) ? Object.values(value).flatMap(handlesIn) : []
}

/** Names of records that have none of their own. */
const NAMELESS = new Set(['proposals', 'imports'])

interface Around {
  readonly known: ReadonlyMap<string, Known>
  /** URI of the record that this part of the result is. */
  readonly self: string | undefined
}

const shownEntry = (
  key: string,
  hidden: unknown,
  restored: unknown,
  around: Around,
): readonly (readonly [string, unknown])[] => {
  const { known, self } = around
  if (Array.isArray(hidden) && hidden.length > 0 && hidden.every((one) => known.has(String(one)))) {
    const records = hidden.map((one) => known.get(String(one))!)
    return [
      [key, records.map(({ name }) => name)],
      [`${key}_ids`, records.map(({ uri }) => uri)],
    ]
  }
  const record = typeof hidden === 'string' ? known.get(hidden) : undefined
  if (!record) return [[key, shown(hidden, restored, around)]]
  if (key === 'id' || NAMELESS.has(parseRecordUri(record.uri)!.entity)) return [[key, record.uri]]
  if (record.uri === self) return [[key, record.name]]
  return [
    [key, record.name],
    [`${key}_id`, record.uri],
  ]
}

const shown = (hidden: unknown, restored: unknown, around: Around): unknown => {
  if (Array.isArray(hidden))
    return hidden.map((item, place) => shown(item, (restored as readonly unknown[])[place], around))
  if (!isObject(hidden)) return restored
  const real = restored as Readonly<Record<string, unknown>>
  const self = around.known.get(String(hidden['id']))?.uri ?? around.self
  return Object.fromEntries(
    Object.entries(hidden).flatMap(([key, item]) => shownEntry(key, item, real[key], { ...around, self })),
  )
}

/**
 * A hidden result for a signed-in person: names in place of handles. `id` becomes the record's URI; another field that
 * names another record gets one beside it that ends in `_id` (a list: `_ids`).
 */
export const revealFor = async (session: PrivacySession, hidden: unknown): Promise<unknown> => {
  const handles = [...new Set(handlesIn(hidden))]
  const records = await session.sourcesOf(handles.map((id) => ({ id, what: '' })))
  const known = new Map(records.map(({ handle, uri, name }) => [handle, { uri, name }]))
  return shown(hidden, await session.restoreTree(hidden), { known, self: undefined })
}

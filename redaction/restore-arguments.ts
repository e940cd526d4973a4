import { denied, userError } from '../domain/errors.ts'
import { HANDLE_LABELS } from '../domain/handle.ts'
import type { HandleForm } from '../domain/handle.ts'
import { isOneWay } from '../domain/policy.ts'
import { recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { handleMentions } from './handle-pattern.ts'
import type { HandleMention } from './handle-pattern.ts'
import type { HandleTarget, Vault } from './vault.ts'

export interface RestoreArgumentsOptions {
  /** The name of a record as the caller may see it, for handles inside longer texts; undefined when it may not. */
  display(record: RecordRef, form: HandleForm): Promise<string | undefined>
  /** Keys of strings that hold code (SQL): handles in them become record URIs, and quotes in values are doubled. */
  readonly codeKeys?: ReadonlySet<string>
}

export interface RestoredArguments {
  readonly value: unknown
  /** Handle-like words in longer texts that were never issued, and were left as they are. */
  readonly unknown: readonly string[]
}

const OURS = `(?:${HANDLE_LABELS.join('|')})_\\d{5}(?:\\d{2})?[fl]?`
const WRITTEN_AS_OURS = new RegExp(`^${OURS}$`, 'u')
const OURS_INSIDE = new RegExp(`(?<![\\p{L}\\p{N}])${OURS}(?![\\p{L}\\p{N}])`, 'gu')

/** Brackets, quotes and marks that models put around a handle. */
const bare = (text: string): string => text.trim().replace(/^[\s[({<"'`*_]+|[\s\])}>"'`*]+$/gu, '')

const unknownHandle = (at: string): Error =>
  userError('unknown_handle', 'A handle in the arguments was never issued in this conversation.', {
    fix: 'Use handles exactly as they stand in earlier results or in the legend.',
    at,
  })

const ambiguousHandle = (at: string): Error =>
  userError('ambiguous_handle', 'A handle in the arguments may stand for several records.', {
    fix: 'Use one of its candidates from the legend, or ask which one is meant.',
    at,
  })

const oneWayHandle = (at: string): Error =>
  denied(
    'one_way_handle',
    'Card numbers, national numbers and secrets are never put back into an argument.',
    {
      fix: 'Leave it out; a person can copy it from the record.',
      at,
    },
  )

const parseJson = (text: string): unknown => {
  if (!/^\s*[{[]/u.test(text) || !/[}\]]\s*$/u.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Tool arguments as a model wrote them, with handles turned back. A string that is one handle becomes the record's URI
 * (`people:<uuid>`) or the value; handles inside a longer text become names through `display`. A handle that was never
 * issued, or whose check digit fails, is a user error; so is an ambiguous one as a whole argument.
 */
export const restoreArguments = async (
  raw: unknown,
  vault: Vault,
  options: RestoreArgumentsOptions,
): Promise<RestoredArguments> => {
  const unknown: string[] = []
  let refreshed = false

  const resolve = async (number: string): Promise<HandleTarget | undefined> => {
    const known = vault.resolve(number)
    if (known || refreshed) return known
    refreshed = true
    await vault.refresh()
    return vault.resolve(number)
  }

  const whole = async (mention: HandleMention, at: string): Promise<string> => {
    const target = await resolve(mention.number)
    if (!target) throw unknownHandle(at)
    if ('record' in target) return recordUri(target.record)
    if (target.label === 'NAME') throw ambiguousHandle(at)
    if (isOneWay(target.label)) throw oneWayHandle(at)
    return target.value
  }

  const inside = async (target: HandleTarget, form: HandleForm, key: string): Promise<string | undefined> => {
    const isCode = options.codeKeys?.has(key) === true
    if (!('record' in target) && isOneWay(target.label)) throw oneWayHandle(key)
    if ('record' in target) return isCode ? recordUri(target.record) : options.display(target.record, form)
    return isCode ? target.value.replaceAll("'", "''") : target.value
  }

  const embedded = async (text: string, key: string, at: string): Promise<string> => {
    const mentions = handleMentions(text)
    const seen = new Set(mentions.map(({ start }) => start))
    for (const match of text.matchAll(OURS_INSIDE)) {
      if (!seen.has(match.index)) throw unknownHandle(at)
    }
    let restored = ''
    let from = 0
    for (const { start, end, number, form } of mentions) {
      const written = text.slice(start, end)
      const target = await resolve(number)
      if (!target) {
        if (WRITTEN_AS_OURS.test(written)) throw unknownHandle(at)
        unknown.push(written)
        continue
      }
      const name = await inside(target, form, key)
      if (name === undefined) throw unknownHandle(at)
      restored += text.slice(from, start) + name
      from = end
    }
    return restored + text.slice(from)
  }

  const fromString = async (text: string, key: string, at: string): Promise<string> => {
    if (!/\d{4}/u.test(text)) return text
    const inner = bare(text)
    const [mention] = handleMentions(inner)
    if (mention && mention.start === 0 && mention.end === inner.length) {
      const known = WRITTEN_AS_OURS.test(inner) || (await resolve(mention.number)) !== undefined
      if (known) return whole(mention, at)
    } else if (WRITTEN_AS_OURS.test(inner)) throw unknownHandle(at)
    const nested = parseJson(text)
    if (nested !== undefined) return JSON.stringify(await walk(nested, key, at))
    return embedded(text, key, at)
  }

  const walk = async (value: unknown, key: string, at: string): Promise<unknown> => {
    if (typeof value === 'string') return fromString(value, key, at)
    if (Array.isArray(value)) {
      const items: unknown[] = []
      for (const [index, item] of value.entries()) items.push(await walk(item, key, `${at}[${index}]`))
      return items
    }
    if (typeof value !== 'object' || value === null) return value
    const entries: [string, unknown][] = []
    for (const [name, item] of Object.entries(value)) {
      entries.push([name, await walk(item, name, at === '' ? name : `${at}.${name}`)])
    }
    return Object.fromEntries(entries)
  }

  return { value: await walk(raw, '', ''), unknown }
}

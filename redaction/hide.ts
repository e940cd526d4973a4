import { bug } from '../domain/errors.ts'
import { parseHandle } from '../domain/handle.ts'
import type { HandleLabel } from '../domain/handle.ts'
import { Secret } from '../domain/pii.ts'
import { hides } from '../domain/policy.ts'
import { recordUri } from '../domain/records.ts'
import { isRecordLabel } from './find-spans.ts'
import type { ScrubContext } from './find-spans.ts'
import { namesHere } from './names-here.ts'
import { planScrub, renderScrub } from './scrub.ts'
import type { LegendSeed } from './scrub.ts'
import type { HandleNeed, Vault } from './vault.ts'

export interface HideContext extends Omit<ScrubContext, 'mode'> {
  readonly vault: Vault
  /** Keys whose strings are written by us or closed sets, and pass as they are. */
  readonly plain?: ReadonlySet<string>
}

export interface Hidden {
  /** JSON-safe, without a real value. */
  readonly tree: unknown
  readonly legend: readonly LegendSeed[]
}

/** What a part of the tree needs before it can be written, and how it is written then. */
interface Part {
  readonly needs: readonly HandleNeed[]
  write(legend: Map<string, LegendSeed>): unknown
}

const HARMLESS =
  /^(?:[-+]?\d+(?:\.\d+)?%?|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u

/** Digits alone are a number to read only while they are too short for a phone or a card. */
const isHarmless = (text: string): boolean =>
  text === '' || (HARMLESS.test(text) && !/^[-+]?\d{7,}/u.test(text))

const passes = (value: unknown): Part => ({ needs: [], write: () => value })

/** Fields that the catalog leaves open, and words of ours: what is known is hidden in them, nobody is guessed at. */
const openPart = (text: string, context: HideContext): Part =>
  scrubPart(text, { ...context, unknownNames: 'leave' })

const scrubPart = (text: string, context: HideContext): Part => {
  const plan = planScrub(text, { ...context, mode: 'content' })
  if (plan.spans.length === 0) return passes(text)
  return {
    needs: plan.needs,
    write(legend) {
      const result = renderScrub(plan, context.vault)
      for (const seed of result.legend) legend.set(seed.handle, seed)
      return result.text
    },
  }
}

const secretPart = (secret: Secret, context: HideContext): Part => {
  const { hide, record, form } = secret
  const { vault } = context
  if (hide === 'none') return passes(secret.reveal())
  if (hide === 'text') return scrubPart(secret.reveal(), context)
  if (!hides(context.policy ?? 'standard', hide)) return passes(secret.reveal())
  if (record && isRecordLabel(hide)) {
    return {
      needs: [{ label: hide, record }],
      write(legend) {
        const handle = vault.handleForRecord(hide, record, form)
        legend.set(handle, { handle, is: record.entity, record })
        return handle
      },
    }
  }
  const value = secret.reveal()
  if (value === '') return passes('')
  return {
    needs: [{ label: hide, value }],
    write(legend) {
      const handle = vault.handleForValue(hide, value)
      legend.set(handle, { handle, is: 'value' })
      return handle
    },
  }
}

const stringPart = (text: string, key: string, context: HideContext): Part => {
  if (context.plain?.has(key) === true || isHarmless(text)) return passes(text)
  const handle = parseHandle(text)
  return handle && context.vault.resolve(handle.number) ? passes(text) : openPart(text, context)
}

const keyPart = (key: string, context: HideContext): Part =>
  /^[a-z][a-z0-9_]*$/u.test(key) || isHarmless(key) ? passes(key) : stringPart(key, '', context)

/** What `strict` hides by the name of its field: job titles, places, amounts. */
const strictLabel = (key: string): HandleLabel | undefined => {
  if (/(?:^|_)(?:title|headline)$/u.test(key)) return 'TITLE'
  if (/(?:^|[_.])(?:city|country|address|area|location|region|postcode)$/u.test(key)) return 'PLACE'
  if (/(?:^|[_.])(?:amount|value|price|budget|budget_min|budget_max|asking_price)(?:_|$)/u.test(key))
    return 'AMOUNT'
  return undefined
}

const strictPart = (value: unknown, key: string, context: HideContext): Part | undefined => {
  const label = context.policy === 'strict' ? strictLabel(key) : undefined
  const plain = value instanceof Secret && value.hide === 'none' ? value.reveal() : value
  if (label === undefined || (typeof plain !== 'string' && typeof plain !== 'number') || plain === '')
    return undefined
  return secretPart(new Secret(label, String(plain)), context)
}

const partOf = (value: unknown, key: string, context: HideContext): Part => {
  const strict = strictPart(value, key, context)
  if (strict) return strict
  if (value instanceof Secret) return secretPart(value, context)
  if (typeof value === 'string') return stringPart(value, key, context)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return passes(value)
  if (value instanceof Date) return passes(value.toISOString())
  if (typeof value === 'bigint') return passes(value.toString())
  if (Array.isArray(value)) {
    const parts = value.map((item) => partOf(item ?? null, key, context))
    return {
      needs: parts.flatMap(({ needs }) => needs),
      write: (legend) => parts.map((part) => part.write(legend)),
    }
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [keyPart(name, context), partOf(item, name, context)] as const)
    return {
      needs: parts.flatMap(([name, item]) => [...name.needs, ...item.needs]),
      write: (legend) =>
        Object.fromEntries(parts.map(([name, item]) => [String(name.write(legend)), item.write(legend)])),
    }
  }
  throw bug('unhidable_value', `A result holds a ${typeof value}, which cannot leave.`)
}

const secretsIn = (value: unknown): Secret[] => {
  if (value instanceof Secret) return [value]
  if (Array.isArray(value)) return value.flatMap(secretsIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : []
}

/**
 * A tool's result without real values: each Secret becomes a handle or scrubbed text, and every other string is scrubbed
 * too, except numbers, dates, ids, issued handles and strings under a `plain` key. Free text is read with the records of
 * this result active, and names that stand in it without a record are hidden in its texts too. Resolves only after the handles are stored.
 */
export const hideTree = async (value: unknown, context: HideContext): Promise<Hidden> => {
  const secrets = secretsIn(value)
  const here = new Set(secrets.flatMap(({ record }) => (record ? [recordUri(record)] : [])))
  const active = {
    has: (uri: string) => here.has(uri) || context.active.has(uri),
    ...(here.size === 0 && context.active.size === 0 ? { size: 0 } : {}),
  }
  const part = partOf(value, '', { ...context, active, alsoKnown: namesHere(secrets) })
  await context.vault.ensure(part.needs)
  const legend = new Map<string, LegendSeed>()
  return { tree: part.write(legend), legend: [...legend.values()] }
}

/** One Secret as it may leave: a handle, scrubbed text, or itself where it is harmless. */
export const hideValue = async (secret: Secret, context: HideContext): Promise<string> =>
  String((await hideTree(secret, context)).tree)

/** The tree with real values, for our own screens alone. */
export const revealTree = (value: unknown): unknown => {
  if (value instanceof Secret) return value.reveal()
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(revealTree)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealTree(item)]))
}

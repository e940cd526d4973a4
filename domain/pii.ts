import { bug } from './errors.ts'
import type { HandleForm, HandleLabel } from './handle.ts'
import type { RecordRef } from './records.ts'

/**
 * How a value is kept from a model.
 * - a handle label: the value becomes a handle of that label;
 * - `text`: free text, scrubbed by the redaction layer;
 * - `none`: harmless by nature (closed sets, stages, tags), passes as it is.
 */
export type Hide = HandleLabel | 'text' | 'none'

/**
 * A real value on its way out of a tool. `tools/call.ts` alone turns it into a handle, scrubbed text, or (on our own
 * screens) the value. Serialising one by accident throws: nothing leaks by forgetting.
 */
export class Secret {
  readonly hide: Hide
  /** The record this value names; its handle restores to that record as the viewer may see it. */
  readonly record: RecordRef | undefined
  readonly form: HandleForm
  readonly #value: string

  constructor(
    hide: Hide,
    value: string,
    options: { readonly record?: RecordRef | undefined; readonly form?: HandleForm } = {},
  ) {
    this.hide = hide
    this.#value = value
    this.record = options.record
    this.form = options.form ?? 'full'
  }

  reveal(): string {
    return this.#value
  }

  toJSON(): never {
    throw bug('unhidden_value', 'A real value was about to leave without passing the redaction layer.')
  }

  toString(): never {
    return this.toJSON()
  }
}

/** A record by its name: hidden as a handle that is also a valid argument. */
export const named = (label: HandleLabel, record: RecordRef, name: string): Secret =>
  new Secret(label, name, { record })

/** Free text that a person wrote. */
export const freeText = (text: string): Secret => new Secret('text', text)

export const freeTextOrNull = (text: string | null | undefined): Secret | null =>
  text === null || text === undefined ? null : freeText(text)

import type { HandleForm, HandleLabel } from '../domain/handle.ts'
import type { RecordRef } from '../domain/records.ts'

declare const scrubbed: unique symbol
/** Text that may leave for a model. Only redaction/ mints it. */
export type Scrubbed = string & { readonly [scrubbed]: true }

/** One surface form of something the workspace knows: `Dana Whitfield`, `Dana`, `dana@nimbus.example`. */
export interface KnownForm {
  readonly text: string
  readonly label: HandleLabel
  readonly record: RecordRef
  readonly form: HandleForm
  /**
   * `always`: the form alone is proof (full names, addresses). `context`: a single word or common word, taken only when
   * its record is active in this conversation or the surroundings speak for a name.
   */
  readonly needs: 'always' | 'context'
  /** For values in one of several written forms: the form that stands for all of them, e.g. a phone number in E.164. */
  readonly value?: string
}

/** A stretch of the original text, in UTF-16 offsets, and what it is. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly label: HandleLabel
  /** Records it may stand for: none for a detected value, several when the name is ambiguous. */
  readonly records: readonly RecordRef[]
  readonly form: HandleForm
  readonly by: 'dictionary' | 'detector' | 'tagger'
  /** Set where the words name several records at once: a family in the plural. */
  readonly group?: true
  /** For values: the form that stands for all written forms; the text itself when absent. */
  readonly value?: string
}

/** A row of workflow.handles: a record by id, or an encrypted value. */
export interface StoredHandle {
  readonly number: string
  readonly label: HandleLabel
  readonly record: RecordRef | null
  readonly ciphertext: Uint8Array | null
  readonly valueMac: string | null
}

/** Where a conversation's handles live; implemented over db/, so that this folder knows no database. */
export interface VaultStore {
  load(): Promise<readonly StoredHandle[]>
  /** Reserves `count` consecutive positions and answers the first, counted from 0; safe against other processes. */
  reserve(count: number): Promise<number>
  /**
   * Stores new handles. Where another process has stored the same record or value first, its row wins and is answered.
   */
  save(rows: readonly StoredHandle[]): Promise<readonly StoredHandle[]>
}

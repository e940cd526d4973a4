import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KnownName } from '../../evals/suites/redaction-known.ts'

export interface MarkedText {
  readonly id: string
  readonly text: string
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: string }[]
  /** People of the text whom a workspace may know, where the text was made up. */
  readonly people?: readonly KnownName[]
}

/** Where annotated texts lie beside a checkout; they are not part of it. */
export const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'redaction')

/** The documents of a set, or none when it is not there. */
export const readSet = (name: string, folder = DATA): readonly MarkedText[] => {
  const path = join(folder, `${name}.train.jsonl`)
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MarkedText)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Vertical } from './vocabulary.ts'

/** Questions that mean the same, and what they mean (see gist.testing.ts). */
export interface Paraphrases {
  readonly trade: Vertical
  readonly means: string
  readonly said: readonly string[]
}

/** Reads a file of paraphrases: a line `trade | meaning`, then the questions, indented. */
export const readParaphrases = (name: string): readonly Paraphrases[] => {
  const made: { trade: Vertical; means: string; said: string[] }[] = []
  for (const line of readFileSync(join(import.meta.dirname, name), 'utf8').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    if (line.startsWith('  ')) made.at(-1)?.said.push(line.trim())
    else {
      const [trade = '', ...rest] = line.split(' | ')
      made.push({ trade: trade as Vertical, means: rest.join(' | '), said: [] })
    }
  }
  return made
}

export const PARAPHRASES: readonly Paraphrases[] = readParaphrases('paraphrases.txt')

import { normalise } from '../domain/nearest.ts'

/** Singular and plural spellings of a word, itself first. */
export const spellings = (word: string): readonly string[] => {
  const plain = normalise(word)
  if (plain.endsWith('ies')) return [plain, `${plain.slice(0, -3)}y`]
  if (plain.endsWith('s')) return [plain, plain.slice(0, -1)]
  return plain.endsWith('y') ? [plain, `${plain}s`, `${plain.slice(0, -1)}ies`] : [plain, `${plain}s`]
}

/**
 * A name that may be repeated in a message: one of ours misspelt, never a value that a handle was restored to
 * (addresses, domains and names of people do not look like this).
 */
export const echo = (word: string): string => (/^[a-z][a-z0-9_]{0,39}$/.test(word) ? ` \`${word}\`` : '')

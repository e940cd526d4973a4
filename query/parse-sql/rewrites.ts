import { didYouMean } from '../../domain/nearest.ts'
import { functionNames } from '../relational/functions.ts'
import { named, refuse } from '../relational/refuse.ts'
import { TYPE_NAMES, templateInWords } from '../repair/functions.ts'

/** What is written here for calls that no one template stands for. */
const REWRITES: Readonly<Record<string, string>> = {
  datediff: 'a::date - b::date',
  date_diff: 'a::date - b::date',
  timestampdiff: 'extract(epoch FROM a - b) / 86400',
  trim: 'btrim(x)',
  rownum: 'row_number() OVER (ORDER BY x)',
  convert: 'CAST(x AS type)',
  repeat: 'the text itself',
  try_cast: 'CAST(x AS type)',
  safe_cast: 'CAST(x AS type)',
  row: '(a, b)',
}

/** The refusal of a function that is not on the list, with the rewrite where there is one. */
export const unknownFunction = (name: string): Error => {
  const plain = name.toLowerCase()
  const rewrite = Object.hasOwn(REWRITES, plain) ? REWRITES[plain] : templateInWords(plain)
  const near = didYouMean(
    plain,
    functionNames().map((one) => ({ name: one })),
  )
  // `count_unique` and `maximum` begin with what they mean; `approx_count` ends with it.
  const within = functionNames()
    .filter((one) => one.length >= 3 && (plain.startsWith(one) || plain.endsWith(`_${one}`)))
    .toSorted((a, b) => b.length - a.length)
  const guesses = near.length > 0 ? near : within.slice(0, 2)
  return refuse('function', `The function${named(plain)} is not available.`, {
    fix: rewrite ? `Write ${rewrite}.` : guesses[0] ? `Write ${guesses[0]}(…).` : 'Use one of valid_options.',
    ...(rewrite === undefined && guesses.length === 0 ? { validOptions: functionNames() } : {}),
    didYouMean: rewrite === undefined ? guesses : [rewrite],
  })
}

/** What to write in place of a type that is not on the list. */
export const typeHint = (name: string): string =>
  Object.hasOwn(TYPE_NAMES, name) ? `Write ${TYPE_NAMES[name]!}.` : 'Take one of valid_options.'

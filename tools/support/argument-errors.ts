import type { z } from 'zod'
import { userError, type TactError } from '../../domain/errors.ts'
import { didYouMean } from '../../domain/nearest.ts'

const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('')

type Issue = z.core.$ZodIssue

const optionsAt = (schema: z.ZodObject, issue: Issue): readonly string[] => {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return Object.keys(schema.shape)
  return []
}

const sentence = (issue: Issue, place: string): string => {
  const where = place ? `\`${place}\`` : 'The arguments'
  switch (issue.code) {
    case 'unrecognized_keys':
      return place ? `${where} has a key that is not there.` : 'There is no such argument.'
    case 'invalid_type':
      return `${where} must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}.`
    case 'invalid_value':
      return `${where} must be one of its possible values.`
    case 'too_big':
      return `${where} must be at most ${issue.maximum}.`
    case 'too_small':
      return `${where} must be at least ${issue.minimum}.`
    default:
      return `${where} does not have the form it needs.`
  }
}

/** Turns what zod found into one error that says where, what was expected, and what is possible. Never echoes a value. */
export const argumentError = (tool: string, schema: z.ZodObject, error: z.ZodError): TactError => {
  const [issue] = error.issues
  if (!issue) return userError('bad_arguments', 'The arguments do not fit.')
  const place = placeOf(issue.path)
  const options = optionsAt(schema, issue)
  const wrong = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : ''
  return userError('bad_arguments', sentence(issue, place), {
    fix: `Call ${tool} again with arguments of the form its schema gives.`,
    ...(place ? { at: place } : {}),
    ...(options.length > 0 ? { validOptions: options } : {}),
    ...(wrong
      ? {
          didYouMean: didYouMean(
            wrong,
            options.map((name) => ({ name })),
          ),
        }
      : {}),
  })
}

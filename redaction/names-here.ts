import type { Secret } from '../domain/pii.ts'
import { createDictionary } from './dictionary.ts'
import { eligibleMeanings } from './eligible.ts'
import { companyForms, personForms } from './forms.ts'
import type { FoundSpan } from './merge.ts'

/** Finds more spans in a text than the workspace's dictionary would. */
export type Finder = (text: string) => readonly FoundSpan[]

const splitName = (name: string): { readonly given: string; readonly family: string } => {
  const [family = '', given] = name.split(/,\s+/u)
  if (given !== undefined) return { given, family }
  const at = name.trim().lastIndexOf(' ')
  return at < 0 ? { given: name, family: '' } : { given: name.slice(0, at), family: name.slice(at + 1) }
}

/**
 * Names that a result holds of people and companies the workspace has no record of, such as the sender of a message:
 * hidden as values where they stand alone, they must not stay readable in the free text beside them.
 */
export const namesHere = (secrets: readonly Secret[]): Finder | undefined => {
  const named = secrets.filter(
    ({ hide, record }) => !record && ['NAME', 'PERSON', 'MEMBER', 'COMPANY'].includes(hide),
  )
  if (named.length === 0) return undefined
  const dictionary = createDictionary()
  for (const [at, secret] of named.entries()) {
    const record = { entity: 'here', id: String(at) }
    const name = secret.reveal().replace(/["“”]/gu, '').trim()
    const forms =
      secret.hide === 'COMPANY'
        ? companyForms(record, { name })
        : personForms(record, { ...splitName(name), label: 'PERSON' })
    for (const form of forms) dictionary.add(form)
  }
  const context = { active: { has: () => true }, mode: 'content' } as const
  return (text) =>
    dictionary.findAll(text).flatMap(({ start, end, meanings }) => {
      const [meaning] = eligibleMeanings(meanings, { text, start, end }, context)
      const secret = meaning && named[Number(meaning.record.id)]
      if (!secret || secret.hide === 'text' || secret.hide === 'none') return []
      const whole = meaning.form === 'full' && meaning.needs === 'always'
      return [
        {
          start,
          end,
          label: secret.hide,
          records: [],
          labels: [],
          form: 'full' as const,
          by: 'dictionary' as const,
          ...(whole ? { value: secret.reveal() } : {}),
        },
      ]
    })
}

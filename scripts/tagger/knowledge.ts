import type { KnownName } from '../../evals/suites/redaction-known.ts'
import { createDictionary } from '../../redaction/dictionary.ts'
import { findSpans } from '../../redaction/find-spans.ts'
import { personForms } from '../../redaction/forms.ts'
import type { Explained } from '../../redaction/tagger/document.ts'
import { explain } from '../../redaction/unknown-names.ts'

/** What a workspace with these people finds in a text before the tagger reads it. */
export const explainer = (people: readonly KnownName[]): ((text: string) => readonly Explained[]) => {
  const dictionary = createDictionary()
  for (const [at, { given, family }] of people.entries()) {
    const record = { entity: 'people', id: String(at) }
    for (const form of personForms(record, { given, family, label: 'PERSON' })) dictionary.add(form)
  }
  const active = new Set<string>()
  return (text) =>
    findSpans(text, { dictionary, active, mode: 'content', countries: ['US'], unknownNames: 'leave' }).map(
      (span) => explain(text, span),
    )
}

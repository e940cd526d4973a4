import type { HandleForm, HandleLabel } from '../domain/handle.ts'
import type { RecordRef } from '../domain/records.ts'
import { isCommonWord } from './common-words.ts'
import { NICKNAMES } from './nicknames.ts'
import { phoneForms } from './phone-forms.ts'
import type { KnownForm } from './types.ts'
import { foldText } from './words.ts'

type Draft = { readonly text: string; readonly form: HandleForm; readonly needs: KnownForm['needs'] }

const TRANSLITERATED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  å: 'aa',
  ø: 'oe',
  æ: 'ae',
  œ: 'oe',
}

/** Spellings of one name: as it is, without apostrophes and hyphens, with ä written ae. */
const spellings = (name: string): readonly string[] => {
  const plain = name.normalize('NFC')
  const letters = plain.replace(/[äöüßåøæœ]/giu, (letter) => TRANSLITERATED[letter.toLowerCase()] ?? letter)
  return [
    ...new Set(
      [plain, letters].flatMap((text) => {
        const smooth = text.replace(/(?<=\p{L})['’‘`´](?=\p{L})/gu, '')
        return [text, smooth, smooth.replace(/(?<=\p{L})-(?=\p{L})/gu, '')]
      }),
    ),
  ]
}

const wordsOf = (text: string): string[] => text.split(/[\s-]+/u).filter((word) => word !== '')

const SHORT_OF = new Map<string, string[]>()
for (const [short, names] of NICKNAMES) {
  for (const name of names) SHORT_OF.set(name, [...(SHORT_OF.get(name) ?? []), short])
}

/** Short names of a given name, and the given names it is short for. */
const otherNames = (given: string): readonly string[] => {
  const name = foldText(given)
  return [...(SHORT_OF.get(name) ?? []), ...(NICKNAMES.get(name) ?? [])]
}

const collect = (record: RecordRef, label: HandleLabel, drafts: readonly Draft[]): KnownForm[] => {
  const seen = new Set<string>()
  const forms: KnownForm[] = []
  for (const { text, form, needs } of drafts) {
    const folded = foldText(text)
    if (folded.length < 2 || seen.has(folded)) continue
    seen.add(folded)
    forms.push({ text, label, record, form, needs })
  }
  return forms
}

/** Family names of two parts are also used by either part. */
const familyVariants = (family: string): readonly string[] => {
  const parts = family.split('-').filter((part) => part.length > 1)
  return parts.length > 1 ? [family, ...parts] : [family]
}

/**
 * The written forms of a person: Dana Whitfield; Whitfield, Dana; Whitfield Dana; D. Whitfield; Whitfield, D.; and by
 * context only Dana W., Dana, Whitfield. Short names count with the family name (Bob for Robert). Middle initials in the text are the dictionary's business.
 */
export const personForms = (
  record: RecordRef,
  person: {
    readonly given: string | null | undefined
    readonly family: string | null | undefined
    readonly label: 'PERSON' | 'MEMBER'
  },
): KnownForm[] => {
  const given = person.given?.trim() ?? ''
  const family = person.family?.trim() ?? ''
  const full: Draft[] = []
  const alone: Draft[] = []
  const always = (text: string): void => void full.push({ text, form: 'full', needs: 'always' })
  const byContext = (text: string, form: HandleForm): void =>
    void alone.push({ text, form, needs: 'context' })
  const shortGiven = wordsOf(given)[0] ?? ''
  for (const other of otherNames(shortGiven)) {
    for (const last of family === '' ? [] : spellings(family)) {
      always(`${other} ${last}`)
      always(`${last}, ${other}`)
    }
  }
  for (const first of given === '' ? [] : new Set([...spellings(given), ...spellings(shortGiven)])) {
    for (const last of familyVariants(family).flatMap(spellings)) {
      if (last === '') continue
      const initial = first.charAt(0)
      always(`${first} ${last}`)
      always(`${last}, ${first}`)
      always(`${last} ${first}`)
      always(`${initial}. ${last}`)
      always(`${last}, ${initial}.`)
      if (foldText(first + last).length >= 7) always(`${first}${last}`)
      byContext(`${first} ${last.charAt(0)}.`, 'full')
    }
    if (foldText(first).length > 1) byContext(first, 'first')
  }
  for (const last of familyVariants(family).flatMap(spellings)) {
    if (foldText(last).length < 2) continue
    const needs = given === '' && wordsOf(last).length > 1 ? 'always' : 'context'
    alone.push({ text: last, form: given === '' ? 'full' : 'last', needs })
  }
  if (family === '' && wordsOf(given).length > 1) always(given)
  return collect(record, person.label, [...full, ...alone])
}

const LEGAL =
  /[\s,]+(?:inc|incorporated|llc|l\.l\.c|llp|lp|ltd|limited|gmbh(?: & co\.? kg)?|mbh|ag|kg|kgaa|ug|ohg|e\.?\s?v|s\.?a\.?s|s\.?a\.?r\.?l|s\.?a|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|plc|pty(?: ltd)?|corp|corporation|co|company|oy|ab|a\/s|as|aps|sp\. z o\.o|k\.?k|pte(?: ltd)?|se|holdings?|group)\.?$/iu

const withoutLegal = (name: string): string => {
  let short = name.trim()
  for (;;) {
    const next = short.replace(LEGAL, '').trim()
    if (next === short || next === '') return short
    short = next
  }
}

const namesOf = (text: string): readonly string[] =>
  [text, text.replaceAll(',', ' '), text.replace(/\s*&\s*/gu, ' and ')].flatMap(spellings)

/**
 * The written forms of a company: its name, without its legal suffix, its domain; by context only its first word, its
 * initials where it has three words or more, the label of its domain, and a name that is itself a common word.
 */
export const companyForms = (
  record: RecordRef,
  company: { readonly name: string; readonly domain?: string | null | undefined },
): KnownForm[] => {
  const short = withoutLegal(company.name)
  const words = wordsOf(short).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const needs = words.length === 1 && isCommonWord(words[0]!) ? 'context' : 'always'
  const drafts: Draft[] = []
  for (const text of namesOf(company.name))
    drafts.push({ text, form: 'full', needs: wordsOf(text).length > 1 ? 'always' : needs })
  for (const text of namesOf(short)) drafts.push({ text, form: 'full', needs })
  if (words.length > 1) {
    drafts.push({ text: words.join(''), form: 'full', needs: 'always' })
    const lead = words[0]!.replace(/[^\p{L}\p{N}]+$/u, '')
    if (lead.length >= 4) drafts.push({ text: lead, form: 'full', needs: 'context' })
  }
  if (words.length >= 3) {
    const initials = words.map((word) => word.charAt(0)).join('')
    if (/^\p{Lu}+$/u.test(initials)) drafts.push({ text: initials, form: 'full', needs: 'context' })
  }
  const domain =
    company.domain
      ?.trim()
      .toLowerCase()
      .replace(/^www\./u, '') ?? ''
  if (domain.includes('.')) {
    drafts.push({ text: domain, form: 'full', needs: 'always' })
    const label = domain.split('.')[0]!
    if (label.length >= 3) drafts.push({ text: label, form: 'full', needs: 'context' })
  }
  return collect(record, 'COMPANY', drafts)
}

/** The written forms of a deal. A name made of common words alone (`Renewal 2026`) counts by context only. */
export const dealForms = (record: RecordRef, name: string): KnownForm[] => titleForms(record, 'DEAL', name)

/** The same for any record that goes by a title: a fund, a project, a household. */
export const titleForms = (record: RecordRef, label: HandleLabel, name: string): KnownForm[] => {
  const words = foldText(name).split(' ')
  const telling = words.some((word) => /\p{L}/u.test(word) && !isCommonWord(word))
  const address = /^\d/u.test(words[0] ?? '') && words.length > 1
  const needs = (telling && words.length > 1) || address ? 'always' : 'context'
  return collect(
    record,
    label,
    namesOf(name.trim()).map((text) => ({ text, form: 'full', needs })),
  )
}

/** The written forms of an address or a phone number of a record. `label` says which it is. */
export const valueForms = (
  record: RecordRef,
  label: HandleLabel,
  text: string,
  countries: readonly string[] = [],
): KnownForm[] => {
  const value = text.trim()
  if (label === 'PHONE') {
    const { canonical, written } = phoneForms(value, countries)
    return collect(
      record,
      label,
      written.map((form) => ({ text: form, form: 'full', needs: 'always' })),
    ).map((form) => ({ ...form, value: canonical }))
  }
  const canonical = label === 'EMAIL' ? value.toLowerCase() : value
  return collect(record, label, [{ text: value, form: 'full', needs: 'always' }]).map((form) => ({
    ...form,
    value: canonical,
  }))
}

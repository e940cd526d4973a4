import { userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { createDictionary, type Dictionary } from '../redaction/dictionary.ts'
import { companyForms, dealForms, personForms, valueForms } from '../redaction/forms.ts'
import type { KnownForm } from '../redaction/types.ts'

/** Lines of a CSV file (RFC 4180): quotes around what holds a comma, a quote doubled, or a line break. */
export const readCsv = (text: string): string[][] => {
  const lines: string[][] = []
  let line: string[] = []
  const CELL = /\s*"((?:[^"]|"")*)"[^,\r\n]*|([^,\r\n]*)/uy
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at <= text.length) {
    CELL.lastIndex = at
    const cell = CELL.exec(text)!
    line.push((cell[1]?.replaceAll('""', '"') ?? cell[2] ?? '').trim())
    at = CELL.lastIndex
    if (text.charAt(at) === ',') {
      at += 1
      continue
    }
    if (line.some((one) => one !== '')) lines.push(line)
    line = []
    if (at >= text.length) break
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
  return lines
}

const splitName = (name: string): { readonly given: string; readonly family: string } => {
  const [family = '', given] = name.split(/,\s*/u)
  if (given !== undefined) return { given, family }
  const at = name.lastIndexOf(' ')
  return at < 0 ? { given: name, family: '' } : { given: name.slice(0, at), family: name.slice(at + 1) }
}

/**
 * A dictionary from a CSV file with a header: `name` and, where given, `type` (person, company, deal; person without),
 * `email`, `phone`, `domain`. Throws a user error where it has no `name` column or an unknown type, by its line.
 */
export const readDictionary = (csv: string, countries: readonly string[]): Dictionary => {
  const [header = [], ...lines] = readCsv(csv)
  const column = (name: string): number => header.findIndex((one) => one.toLowerCase() === name)
  const places = {
    name: column('name'),
    type: column('type'),
    email: column('email'),
    phone: column('phone'),
    domain: column('domain'),
  }
  if (places.name < 0) {
    throw userError('bad_dictionary', 'The dictionary has no column called name.', {
      fix: 'Give it a header: name,type,email,phone,domain. Only name is needed.',
    })
  }
  const dictionary = createDictionary()
  for (const [index, cells] of lines.entries()) {
    const cell = (place: number): string => (place < 0 ? '' : (cells[place] ?? ''))
    const name = cell(places.name)
    const type = cell(places.type).toLowerCase() || 'person'
    const id = newId()
    const people = { entity: 'people', id }
    const forms: KnownForm[] = []
    if (type === 'person') forms.push(...personForms(people, { ...splitName(name), label: 'PERSON' }))
    else if (type === 'company') {
      forms.push(...companyForms({ entity: 'companies', id }, { name, domain: cell(places.domain) || null }))
    } else if (type === 'deal') forms.push(...dealForms({ entity: 'deals', id }, name))
    else {
      throw userError('bad_dictionary', `Line ${index + 2} of the dictionary has a type that is none.`, {
        validOptions: ['person', 'company', 'deal'],
      })
    }
    if (cell(places.email)) forms.push(...valueForms(people, 'EMAIL', cell(places.email)))
    if (cell(places.phone)) forms.push(...valueForms(people, 'PHONE', cell(places.phone), countries))
    for (const form of forms) dictionary.add(form)
  }
  return dictionary
}

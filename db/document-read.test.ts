import { describe, expect, test } from 'vitest'
import { chunksOf, made, makeDocument } from './testing-document.ts'
import type { Records } from './testing-document.ts'
import { documentOfBytes, documentOfValue } from './workspace-document.ts'
import type { DocumentSource, WorkspaceDocument } from './workspace-document.ts'

const readAll = async (source: DocumentSource): Promise<unknown> => {
  try {
    await source.head()
    for await (const records of source.records()) expect(Array.isArray(records)).toBe(true)
  } catch (error) {
    return error
  }
  return undefined
}

/** What reading a document says, from memory and from a file alike. */
const refusal = async (
  change: (document: WorkspaceDocument & { records: Records }) => void,
): Promise<unknown> => {
  const document = makeDocument()
  change(document)
  const [kept, written] = [
    await readAll(documentOfValue(document)),
    await readAll(documentOfBytes(chunksOf(JSON.stringify(document), 7))),
  ]
  expect(JSON.stringify(written)).toBe(JSON.stringify(kept))
  return written
}

describe('checking a workspace document', () => {
  test.each([
    [
      'an entity the catalog lacks',
      'unknown_entity',
      'records.dragons',
      (d: { records: Records }) => void (d.records['dragons'] = []),
    ],
    [
      'an entity that stays inside',
      'unknown_entity',
      'records.proposals',
      (d: { records: Records }) => void (d.records['proposals'] = []),
    ],
    [
      'a field the entity lacks',
      'unknown_field',
      'records.deals[0].colour',
      (d: { records: Records }) => void (d.records['deals']![0]!['colour'] = 'red'),
    ],
    [
      'a roll-up',
      'unknown_field',
      'records.people[0].last_interaction_at',
      (d: { records: Records }) => void (d.records['people']![0]!['last_interaction_at'] = made),
    ],
    [
      'text where a number belongs',
      'bad_type',
      'records.deals[0].amount_minor',
      (d: { records: Records }) => void (d.records['deals']![0]!['amount_minor'] = '42'),
    ],
    [
      'half a cent',
      'bad_type',
      'records.deals[0].amount_minor',
      (d: { records: Records }) => void (d.records['deals']![0]!['amount_minor'] = 0.5),
    ],
    [
      'a day that does not exist',
      'bad_type',
      'records.deals[0].close_date',
      (d: { records: Records }) => void (d.records['deals']![0]!['close_date'] = '2025-02-30'),
    ],
    [
      'a time without offset',
      'bad_type',
      'records.interactions[1].occurred_at',
      (d: { records: Records }) => void (d.records['interactions']![1]!['occurred_at'] = '2025-02-03T10:00'),
    ],
    [
      'a value outside its set',
      'bad_value',
      'records.stages[1].kind',
      (d: { records: Records }) => void (d.records['stages']![1]!['kind'] = 'lucky'),
    ],
    [
      'a missing name',
      'missing_field',
      'records.companies[0].name',
      (d: { records: Records }) => void delete d.records['companies']![0]!['name'],
    ],
  ])('%s is refused with its place', async (_what, code, at, change) => {
    expect(await refusal(change)).toMatchObject({ kind: 'user', code, details: { at } })
  })

  test('something else altogether is refused too', async () => {
    const texts = [null, 3, [], {}, { format: 'tact-workspace/2' }, 'text'].map((input) =>
      JSON.stringify(input),
    )
    const { workspace } = makeDocument()
    const head = `{"format":"tact-workspace/1","workspace":${JSON.stringify(workspace)}`
    for (const rest of [
      '"extra":1}',
      '"records":[]}',
      '"records":{"people":{}}}',
      '"records":{"people":[3]}}',
    ])
      texts.push(`${head},${rest}`)
    for (const text of texts) {
      for (const source of [documentOfBytes(chunksOf(text, 5)), documentOfValue(JSON.parse(text))])
        expect(await readAll(source)).toMatchObject({ code: 'bad_document' })
    }
    const twice = documentOfBytes(chunksOf(`${head},"records":{"tags":[],"tags":[]}}`))
    expect(await readAll(twice)).toMatchObject({ code: 'bad_document', details: { at: 'records.tags' } })
  })

  test('a document that is cut off anywhere is refused with the last place that was whole', async () => {
    const text = JSON.stringify(makeDocument())
    for (let end = 0; end < text.length; end += 97) {
      const error = await readAll(documentOfBytes(chunksOf(text.slice(0, end), 64)))
      expect(error).toMatchObject({ kind: 'user', code: 'document_cut' })
    }
    const inDeals = text.slice(0, text.indexOf('deal_stage_events') - 20)
    expect(await readAll(documentOfBytes(chunksOf(inDeals)))).toMatchObject({
      details: { at: 'records.deals' },
    })
  })

  test('what is no JSON any more is refused with the last place that was', async () => {
    const text = JSON.stringify(makeDocument()).replace('"interactions":[{', '"interactions":[{]')
    expect(await readAll(documentOfBytes(chunksOf(text)))).toMatchObject({
      code: 'bad_json',
      details: { at: 'records.interactions' },
    })
  })

  test('its keys may come in any order, and pieces may end anywhere', async () => {
    const { format, workspace, records } = makeDocument()
    const text = JSON.stringify({ records, workspace, format })
    for (const size of [1, 13, 64_000]) {
      const source = documentOfBytes(chunksOf(text, size))
      expect(await source.head()).toEqual(workspace)
      const found: Records = {}
      for await (const some of source.records())
        for (const { entity, index, row: one } of some) {
          expect(index).toBe((found[entity] ??= []).length)
          found[entity].push(one)
        }
      expect(found).toEqual(records)
    }
  })

  test('what does not hold is named without a word of the record', async () => {
    const error = await refusal(
      (document) => void (document.records['deals']![0]!['amount_minor'] = 'secret sum'),
    )
    expect(JSON.stringify((error as { toPublic(): unknown }).toPublic())).not.toContain('secret')
  })

  test('characters that a database cannot hold are refused, wherever they stand', async () => {
    for (const bad of ['a\u0000b', '\ud800']) {
      for (const change of [
        (d: { records: Records }) => void (d.records['deals']![0]!['name'] = bad),
        (d: { records: Records }) => void (d.records['emails']![0]!['reference_ids'] = [bad]),
      ]) {
        const document = makeDocument()
        change(document)
        expect(await readAll(documentOfValue(document))).toMatchObject({ code: 'bad_type' })
      }
    }
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import { asTenant, runText } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import {
  compareStream,
  documentOfBytes,
  documentOfValue,
  documentText,
  exportDocument,
  importDocument,
  importStream,
} from './workspace-document.ts'
import type { WorkspaceDocument } from './workspace-document.ts'
import { chunksOf, id, makeDocument, row } from './testing-document.ts'
import type { Records } from './testing-document.ts'
import { findWorkspace } from './workspace.ts'

describe.each(testEngines)('workspace documents on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  beforeEach(() => opened.truncate())
  afterAll(() => opened.close())

  const inside = async <T>(fn: Parameters<typeof asTenant<T>>[2]): Promise<T> => {
    const workspace = await findWorkspace(opened.database, 'harbor')
    return asTenant(opened.database, { tenantId: workspace!.id, memberId: null, via: 'system' }, fn)
  }
  const take = (): Promise<WorkspaceDocument> => inside((tx) => exportDocument(tx))

  test('an export goes into an empty database and comes out again the same, and holds all that went in', async () => {
    const counts = await importDocument(opened.database, makeDocument())
    expect(counts).toEqual({ created: 18, updated: 0, unchanged: 0 })
    const first = await take()
    await opened.truncate()
    await importDocument(opened.database, structuredClone(first))
    expect(JSON.stringify(await take())).toBe(JSON.stringify(first))
    for (const [entity, rows] of Object.entries(makeDocument().records)) {
      for (const given of rows) {
        expect(first.records[entity]?.find((one) => one.id === given.id)).toMatchObject(given)
      }
    }
  })

  test('roll-ups are worked out again, and a history that came along is not begun twice', async () => {
    await importDocument(opened.database, makeDocument())
    const seen = await inside((tx) =>
      runText(
        tx,
        `select p.last_interaction_at, p.last_meeting_at, p.last_inbound_at, d.last_interaction_at, d.version,
           (select count(*) from crm.deal_stage_events) from crm.people p, crm.deals d where p.id = $1`,
        [id['person']],
      ),
    )
    const [called, met] = ['2025-04-01T09:00:00.000Z', '2025-03-20T09:00:00.000Z']
    expect(seen.rows).toEqual([[called, met, called, called, 1, 2]])
  })

  test('the text of an export is the same document, and goes in as a stream whatever its order', async () => {
    await importDocument(opened.database, makeDocument())
    const first = await take()
    const text = await inside(async (tx) => {
      let whole = ''
      for await (const piece of documentText(tx)) whole += piece
      return whole
    })
    expect(text).toBe(JSON.stringify(first))
    await opened.truncate()
    const records = Object.fromEntries(Object.entries(first.records).toReversed())
    const turned = JSON.stringify({ records, workspace: first.workspace, format: first.format })
    await importStream(opened.database, documentOfBytes(chunksOf(turned, 333)))
    expect(await take()).toEqual(first)
  })

  test('an empty workspace has a document too', async () => {
    const { records: _records, ...head } = makeDocument()
    await importDocument(opened.database, { ...head, records: {} })
    const whole = await inside(async (tx) => {
      let text = ''
      for await (const piece of documentText(tx)) text += piece
      return text
    })
    expect(JSON.parse(whole)).toEqual({ ...head, records: {} })
  })

  test('a parent may stand after its child', async () => {
    const document = makeDocument()
    const parent = row({ name: 'Group' })
    document.records['companies']![0]!['parent_id'] = parent.id
    document.records['companies']!.push(parent)
    await importDocument(opened.database, document)
    expect((await take()).records['companies']).toContainEqual(
      expect.objectContaining({ parent_id: parent.id }),
    )
  })

  test('the same id twice stops the import, with its place and nothing written', async () => {
    const document = makeDocument()
    ;(document.records['people']![1] as { id: string }).id = id['person']!
    await expect(importDocument(opened.database, document)).rejects.toMatchObject({
      code: 'duplicate_id',
      details: { at: 'records.people[1].id' },
    })
    expect(await findWorkspace(opened.database, 'harbor')).toBeUndefined()
  })

  test('an import that is cut off or interrupted leaves nothing behind, and goes in later', async () => {
    const text = JSON.stringify(makeDocument())
    await expect(
      importStream(opened.database, documentOfBytes(chunksOf(text.slice(0, -40)))),
    ).rejects.toMatchObject({ code: 'document_cut' })
    expect(await findWorkspace(opened.database, 'harbor')).toBeUndefined()
    const stop = new AbortController()
    await expect(
      importDocument(opened.database, makeDocument(), {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/interrupted|query_cancelled/) })
    expect(await findWorkspace(opened.database, 'harbor')).toBeUndefined()
    expect(await importDocument(opened.database, makeDocument())).toMatchObject({ created: 18 })
  })

  test('a comparison tells what an import would change, and changes nothing', async () => {
    const source = documentOfValue(makeDocument())
    expect(await compareStream(opened.database, source)).toContainEqual({
      entity: 'people',
      missing: 2,
      changed: 0,
      same: 0,
      newer: 0,
    })
    await importDocument(opened.database, makeDocument())
    const held = await take()
    const same = await compareStream(opened.database, documentOfValue(held))
    expect(same.filter(({ missing, changed, newer }) => missing + changed + newer > 0)).toEqual([])
    expect(same.reduce((sum, one) => sum + one.same, 0)).toBe(Object.values(held.records).flat().length)
    const changed = structuredClone(held) as WorkspaceDocument & { records: Records }
    changed.records['deals']![0]!['name'] = 'Acre, all sites'
    changed.records['tags'] = [row({ name: 'new' })]
    const before = await take()
    const differences = await compareStream(opened.database, documentOfValue(changed))
    expect(differences).toContainEqual({ entity: 'deals', missing: 0, changed: 1, same: 0, newer: 0 })
    expect(differences).toContainEqual({ entity: 'tags', missing: 1, changed: 0, same: 0, newer: 1 })
    expect(await take()).toEqual(before)
  })

  test('progress ends at the number of records', async () => {
    const steps: number[] = []
    await importDocument(opened.database, makeDocument(), { onProgress: (_entity, done) => steps.push(done) })
    expect(steps.at(-1)).toBe(18)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })

  test('a second import is refused; asked to replace, it changes only what differs', async () => {
    await importDocument(opened.database, makeDocument())
    await expect(importDocument(opened.database, makeDocument())).rejects.toMatchObject({
      code: 'workspace_exists',
    })
    const before = await take()
    expect(await importDocument(opened.database, makeDocument(), { existing: 'replace' })).toEqual({
      created: 0,
      updated: 0,
      unchanged: 18,
    })
    expect(await take()).toEqual(before)
    const changed = makeDocument()
    changed.records['deals']![0]!['name'] = 'Acre, all sites'
    changed.records['tags']!.push(row({ name: 'new' }))
    expect(await importDocument(opened.database, changed, { existing: 'replace' })).toEqual({
      created: 1,
      updated: 1,
      unchanged: 17,
    })
    expect((await take()).records['deals']![0]).toMatchObject({ name: 'Acre, all sites', version: 2 })
  })

  test('a reference that leads nowhere stops the import, with its place and nothing written', async () => {
    const document = makeDocument()
    document.records['deals']![0]!['stage_id'] = newId()
    const place = { code: 'dangling_reference', details: { at: 'records.deals[0].stage_id' } }
    await expect(importDocument(opened.database, document)).rejects.toMatchObject(place)
    expect(await findWorkspace(opened.database, 'harbor')).toBeUndefined()
    await importDocument(opened.database, makeDocument())
    await expect(importDocument(opened.database, document, { existing: 'replace' })).rejects.toMatchObject(
      place,
    )
  })

  test('a part of a document may lean on what the workspace holds', async () => {
    await importDocument(opened.database, makeDocument())
    const { records, ...rest } = makeDocument()
    const part = {
      ...rest,
      records: { person_tags: records['person_tags']!, tasks: [row({ title: 'Call', deal_id: id['deal'] })] },
    }
    expect(await importDocument(opened.database, part, { existing: 'replace' })).toEqual({
      created: 1,
      updated: 0,
      unchanged: 1,
    })
  })

  test('records of another workspace are not taken over by their ids', async () => {
    await importDocument(opened.database, makeDocument())
    const theirs = makeDocument()
    const other = { ...theirs, workspace: { ...theirs.workspace, slug: 'other' } }
    for (const existing of ['refuse', 'replace'] as const) {
      await expect(importDocument(opened.database, other, { existing })).rejects.toMatchObject({
        code: 'records_taken',
      })
    }
    expect((await take()).records['people']).toHaveLength(2)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbedder } from './open.ts'
import { embedQuery } from './query.ts'
import { startFakeEmbeddings } from './testing/fake-embeddings.ts'
import type { FakeEmbeddings } from './testing/fake-embeddings.ts'

test('no embedder is opened unless one is set', async () => {
  expect(await openEmbedder('none')).toBeUndefined()
})

test.each([
  ['minilm', 'bad_embedder'],
  ['local:', 'bad_embedder'],
  ['openai-compatible:http://127.0.0.1:1/v1', 'bad_embedder'],
  ['openai-compatible:https://api.elsewhere.example/v1#m', 'embedder_elsewhere'],
  ['openai-compatible:http://127.0.0.1.elsewhere.example/v1#m', 'embedder_elsewhere'],
  ['openai-compatible:http://10.0.0.7/v1#m', 'embedder_elsewhere'],
  ['local:/nowhere/at/all', 'no_embedder_files'],
])('%s is refused as %s, with what to do', async (setting, code) => {
  await expect(openEmbedder(setting)).rejects.toMatchObject({
    code,
    details: { fix: expect.any(String) as string },
  })
})

test('a directory with files but without the packages that run it says which to install', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tact-model-'))
  try {
    writeFileSync(join(directory, 'model.onnx'), 'x')
    writeFileSync(join(directory, 'tokenizer.json'), '{}')
    await expect(openEmbedder(`local:${directory}`)).rejects.toMatchObject({
      code: 'no_embedder_runtime',
      details: { fix: expect.stringContaining('npm i --ignore-scripts onnxruntime-node') as string },
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

describe('an openai-compatible server', () => {
  let server: FakeEmbeddings
  beforeAll(async () => {
    server = await startFakeEmbeddings((text) => [text.length, 2, 0], { key: 'k' })
  })
  afterAll(() => server.close())

  test('gives vectors of length 1 in the order of the texts, whatever the order of its answer', async () => {
    const embedder = (await openEmbedder(`openai-compatible:${server.url}#m`, { key: 'k' }))!
    expect(embedder.dimensions).toBe(3)
    const vectors = await embedder.embed(['a', 'bbbb'])
    const unit = (x: number) => [x / Math.hypot(x, 2), 2 / Math.hypot(x, 2), 0]
    for (const [at, expected] of [unit(1), unit(4)].entries())
      expected.forEach((value, axis) => expect(vectors[at]![axis]).toBeCloseTo(value, 5))
    expect(server.refused).toEqual([])
    expect((await embedQuery(embedder, 'bbbb')).kind).toBe(embedder.id)
  })

  test('that fails, or answers something else, is said to be silent', async () => {
    const embedder = (await openEmbedder(`openai-compatible:${server.url}#m`, { key: 'k' }))!
    server.fail(500)
    await expect(embedder.embed(['a'])).rejects.toMatchObject({
      code: 'embedder_silent',
      kind: 'unavailable',
    })
    server.fail(undefined)
    expect(await embedder.embed(['a'])).toHaveLength(1)
    await expect(openEmbedder(`openai-compatible:${server.url}#n`)).rejects.toMatchObject({
      code: 'embedder_silent',
    })
  })
})

import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { OPERATIONS } from './operations.ts'
import { RESOURCES } from './resources.ts'

interface Described {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly security: readonly object[]; readonly operationId: string }>>
    >
  >
}

const described = openApiDocument() as unknown as Described

describe('the OpenAPI document', () => {
  test('holds to OpenAPI 3.1, by the word of a validator of others', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openApiDocument()))
    expect([valid, errors]).toEqual([true, undefined])
  })

  test('is one that the validator would refuse with a fault in it', async () => {
    const broken = structuredClone(openApiDocument()) as { paths: Record<string, unknown> }
    broken.paths['/api/broken'] = { get: { responses: 'none' } }
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  test('names each operation once', () => {
    const ids = OPERATIONS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const inDocument = Object.values(described.paths).flatMap((path) =>
      Object.values(path).map((one) => one.operationId),
    )
    expect(inDocument.toSorted()).toEqual(ids.toSorted())
  })

  test('has a list and a record of every kind, and a body for each that can be changed', () => {
    for (const { path, create } of RESOURCES) {
      expect(Object.keys(described.paths[`/api/crm/${path}`] ?? {})).toEqual(
        create === null ? ['get'] : ['get', 'post'],
      )
      expect(Object.keys(described.paths[`/api/crm/${path}/{id}`] ?? {})).toEqual(
        create === null ? ['get'] : ['get', 'put'],
      )
    }
  })

  test('lets no token of a program decide anything', () => {
    const deciding = OPERATIONS.filter(({ path }) => /\/(approve|reject|undo)$/.test(path))
    expect(deciding.map(({ id }) => id).toSorted()).toEqual([
      'approve_import',
      'approve_proposal',
      'reject_import',
      'reject_proposal',
      'undo_import',
      'undo_proposal',
    ])
    for (const { path, method, who } of deciding) {
      expect(who).toBe('person')
      expect(described.paths[`/api${path}`]![method]!.security).toEqual([{ session: [] }])
    }
  })
})

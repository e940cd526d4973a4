import { z } from 'zod'
import { parseRecordUri, recordUri } from '../../domain/records.ts'
import { assertMatches } from './etag.ts'
import { operation } from './operation.ts'
import type { AnswerShape, ApiAnswer, Operation } from './operation.ts'
import { readOne } from './read-operations.ts'
import { recordBody, updateChanges } from './record-body.ts'
import { RESOURCES } from './resources.ts'
import type { Resource } from './resources.ts'
import { Outcome, write } from './write.ts'

const WriteQuery = z.strictObject({
  reason: z.string().max(1000).optional().describe('For the person who decides, and the record.'),
})

const answers = (done: 200 | 201): Readonly<Record<number, AnswerShape>> => ({
  200: { about: done === 200 ? 'Written, or as asked already.' : 'As asked already.', schema: Outcome },
  ...(done === 201 ? { 201: { about: 'Written; Location names the record.', schema: Outcome } } : {}),
  202: { about: 'Proposed: it waits for a person.', schema: Outcome },
})

/** A new record's own address. */
const locatedIn = (path: string, answer: ApiAnswer): ApiAnswer => {
  const record = answer.status === 201 ? parseRecordUri(answer.location ?? '') : undefined
  return record ? { ...answer, location: `/api/crm/${path}/${record.id}` } : answer
}

const createOf = ({ path, entity, one, create }: Resource): Operation =>
  operation({
    id: `create_${path}`,
    method: 'post',
    path: `/crm/${path}`,
    tag: path,
    summary: `A new ${one}: written for a signed-in person, proposed for a program.`,
    who: 'caller',
    query: WriteQuery,
    body: recordBody(entity, 'create'),
    headers: ['Idempotency-Key'],
    answers: answers(201),
    run: async ({ caller, query, body, header, signal }, kit) => {
      const change = { op: create, entity, set: body }
      const wanted = {
        changes: [change],
        reason: query.reason,
        key: header('Idempotency-Key'),
        done: 201 as const,
        flat: true as const,
      }
      return locatedIn(path, await write(caller, wanted, signal, kit))
    },
  })

const updateOf = (resource: Resource): Operation => {
  const { path, entity, one } = resource
  return operation({
    id: `update_${path}`,
    method: 'put',
    path: `/crm/${path}/{id}`,
    tag: path,
    summary: `Sets the fields given of a ${one}, and leaves the others: written for a signed-in person, proposed for a program.`,
    who: 'caller',
    query: WriteQuery,
    body: recordBody(entity, 'update'),
    headers: ['If-Match', 'Idempotency-Key'],
    answers: answers(200),
    run: async ({ caller, params, query, body, header, signal }, kit) => {
      const { record, version, etag } = await readOne(resource, { caller, id: params['id']!, signal }, kit)
      const ifMatch = header('If-Match')
      assertMatches(ifMatch, etag)
      const wanted = {
        changes: updateChanges(entity, recordUri(record), body),
        reason: query.reason,
        key: header('Idempotency-Key'),
        expected: ifMatch === undefined ? undefined : { id: record.id, version },
        done: 200 as const,
        flat: true as const,
      }
      return await write(caller, wanted, signal, kit)
    },
  })
}

export const writeOperations: readonly Operation[] = RESOURCES.filter(
  ({ create }) => create !== null,
).flatMap((resource) => [createOf(resource), updateOf(resource)])

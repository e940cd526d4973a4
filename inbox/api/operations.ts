import { z } from 'zod'
import { asTenant } from '../../db/tenant.ts'
import { ownWorkspace } from '../../db/workspace.ts'
import { ROLES } from '../../domain/actor.ts'
import { importOperations } from './import-operations.ts'
import { operation } from './operation.ts'
import type { Operation } from './operation.ts'
import { proposalOperations } from './proposal-operations.ts'
import { readOperations } from './read-operations.ts'
import { writeOperations } from './write-operations.ts'

const session = operation({
  id: 'get_session',
  method: 'get',
  path: '/session',
  tag: 'session',
  summary: 'Who you are here; for a signed-in person also what every change must carry as X-CSRF-Token.',
  who: 'caller',
  answers: {
    200: {
      about: 'The caller.',
      schema: z.object({
        kind: z.enum(['agent', 'person']),
        role: z.enum(ROLES),
        timezone: z.string(),
        currency: z.string(),
        csrf: z.string().nullable(),
      }),
    },
  },
  run: async (request, { database }) => {
    const { caller } = request
    const { timezone, currency } = await asTenant(database, caller.actor, (tx) => ownWorkspace(tx), {
      readOnly: true,
    })
    const csrf = caller.kind === 'person' ? caller.session.csrf : null
    return { status: 200, body: { kind: caller.kind, role: caller.actor.role, timezone, currency, csrf } }
  },
})

/** All that programs can do. Imports stand before records, so that their paths are not taken for one. */
export const OPERATIONS: readonly Operation[] = [
  session,
  ...proposalOperations,
  ...importOperations,
  ...readOperations,
  ...writeOperations,
]

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelSide, takeDesk } from '../../cli/compose.ts'
import { openConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import { newId } from '../../domain/ids.ts'
import { openDemoHouse } from '../demo-house.ts'

/** What is asked of each demo workspace: cut short and complete, rows, groups, totals, people, mail. */
const CALLS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['query_crm', { find: 'deals', limit: 6 }],
  ['query_crm', { find: 'deals', where: [{ field: 'amount', op: '>', value: 4_000_000 }], limit: 25 }],
  ['query_crm', { find: 'tasks', limit: 5 }],
  ['query_crm', { find: 'interactions', limit: 5 }],
  ['query_crm', { find: 'people', limit: 5 }],
  [
    'query_crm',
    { find: 'deals', measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }], group_by: ['stage'] },
  ],
  ['query_crm', { find: 'deals', measures: [{ fn: 'count' }, { fn: 'avg', field: 'amount' }] }],
  ['search_people', { role: 'founder', limit: 5 }],
  ['search_email', { query: 'invitation', limit: 6 }],
  ['search_email', { query: 'price', limit: 4 }],
]

/** `node evals/suites/record-outcomes.ts`: writes evals/sets/outcomes.json anew from the demo workspaces (handles only). */
const { house, close } = await openDemoHouse()
const recorded: unknown[] = []
for (const workspace of ['larkspur', 'cobalt', 'harborview']) {
  const actor = modelSide((await takeDesk(house, { workspace }, 'cli')).actor)
  for (const [tool, args] of CALLS) {
    const { id } = await asTenant(house.database, actor, (tx) =>
      openConversation(tx, { channel: 'chat', externalKey: newId(), memberId: actor.memberId }),
    )
    const signal = new AbortController().signal
    const outcome = await house.toolbox.call(tool, args, { actor, conversationId: id, signal })
    recorded.push({ workspace, tool, args, outcome })
  }
}
writeFileSync(join(import.meta.dirname, '../sets/outcomes.json'), `${JSON.stringify(recorded, null, 1)}\n`)
await close()

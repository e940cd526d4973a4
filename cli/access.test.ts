import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { testEngines } from '../db/testing.ts'
import { PERMISSIONS, may } from '../domain/permissions.ts'
import type { Permission } from '../domain/permissions.ts'
import { recordUri } from '../domain/records.ts'
import { openAccessHouse } from './testing/access-house.ts'
import type { AccessHouse, Answer, Persona } from './testing/access-house.ts'

const SURFACES = [
  'command line',
  'inbox',
  'MCP over HTTP',
  'MCP over stdio',
  'toolbox',
  'API by token',
  'API by session',
] as const
type Surface = (typeof SURFACES)[number]
/** Makes what is tried on, before the state is looked at, and answers the try itself. */
type Attempt = (house: AccessHouse) => Promise<(who: Persona) => Promise<Answer>>
/** No such thing is done here; for the three roads of tools a test says that no tool does it. */
const NO_DOOR = 'no door'

interface Deed {
  readonly name: string
  readonly entity?: string
  readonly by: Readonly<Record<Surface, Attempt | typeof NO_DOOR>>
}

/** By which a persona that is nothing but a token comes. */
const TOKEN_SURFACES: ReadonlySet<Surface> = new Set(['MCP over HTTP', 'API by token'])

type ToolRoad = 'MCP over HTTP' | 'MCP over stdio' | 'toolbox'
const TOOL_ROADS = ['MCP over HTTP', 'MCP over stdio', 'toolbox'] as const satisfies readonly ToolRoad[]

const byTool = (tool: string, args: (house: AccessHouse) => Promise<Record<string, unknown>>) =>
  Object.fromEntries(
    TOOL_ROADS.map((road): [ToolRoad, Attempt] => [
      road,
      async (house) => {
        const given = await args(house)
        return (who) => house.tools[road](who, tool, given)
      },
    ]),
  ) as Record<ToolRoad, Attempt>

const NO_TOOL = { 'MCP over HTTP': NO_DOOR, 'MCP over stdio': NO_DOOR, toolbox: NO_DOOR } as const
const NO_API = { 'API by token': NO_DOOR, 'API by session': NO_DOOR } as const

const FIND = { find: 'companies', limit: 1 }
/** Reading is getting at least one record of the workspace. */
const found = async (answer: Answer & { readonly text: string }): Promise<Answer> => {
  if (!answer.done) return answer
  const { completeness } = JSON.parse(answer.text) as { completeness: { total: number } }
  return { done: completeness.total > 0, said: completeness.total > 0 ? 'ok' : 'nothing' }
}
const reading =
  (road: ToolRoad): Attempt =>
  async (house) =>
  async (who) =>
    found(await house.tools[road](who, 'query_crm', FIND))

const readingByApi =
  (by: 'token' | 'session'): Attempt =>
  async (house) =>
  async (who) => {
    const answer = await house.api(who, by, '/api/crm/accounts?limit=1')
    if (!answer.done) return answer
    const done = (answer.body['page'] as { readonly total: number }).total > 0
    return { done, said: done ? 'ok' : 'nothing' }
  }

const note = async (house: AccessHouse) => {
  const id = await house.addRecord('companies')
  return {
    op: 'update',
    entity: 'companies',
    record: recordUri({ entity: 'companies', id }),
    set: { city: 'Oslo' },
  }
}
const removal = (entity: 'companies' | 'people') => async (house: AccessHouse) => {
  const id = await house.addRecord(entity)
  return { op: 'archive', entity, record: recordUri({ entity, id }) }
}
type MakeChange = (house: AccessHouse) => Promise<object>
const proposing = (change: MakeChange) =>
  byTool('propose_writeback', async (house) => ({ changes: [await change(house)] }))
const proposingByCli =
  (change: MakeChange): Attempt =>
  async (house) => {
    const given = JSON.stringify({ changes: [await change(house)] })
    return (who) => house.cli(who, ['tool', 'propose_writeback', given])
  }
/** A token's waits; a session's is carried out at once where the rules let it. */
const proposingByApi = (change: MakeChange): Record<'API by token' | 'API by session', Attempt> => {
  const by =
    (credential: 'token' | 'session'): Attempt =>
    async (house) => {
      const given = { changes: [await change(house)] }
      return (who) => house.api(who, credential, '/api/proposals', given)
    }
  return { 'API by token': by('token'), 'API by session': by('session') }
}
const deciding = (
  change: MakeChange,
  waiting: 'pending' | 'seconded' = 'pending',
): Record<'command line' | 'inbox' | 'API by session', Attempt> & Record<'API by token', typeof NO_DOOR> => ({
  'API by token': NO_DOOR,
  'API by session': async (house) => {
    const { id, hash } = await house[waiting](await change(house))
    return (who) => house.api(who, 'session', `/api/proposals/${id}/approve`, { hash })
  },
  'command line': async (house) => {
    const { id } = await house[waiting](await change(house))
    return (who) => house.cli(who, ['proposals', 'approve', id])
  },
  inbox: async (house) => {
    const { id, hash } = await house[waiting](await change(house))
    return (who) => house.post(who, `/inbox/proposals/${id}/approve`, { hash })
  },
})

let counter = 0
const address = (): string => `new${(counter += 1)}@guest.example`

/** Every permission, and how one would do what it lets one do, by every road. The compiler misses a row that is missing. */
const DEEDS: Readonly<Record<Permission, readonly Deed[]>> = {
  read: [
    {
      name: 'read',
      by: {
        'command line': async (house) => async (who) => {
          const answer = await house.cli(who, ['query', '--ast', JSON.stringify(FIND)])
          return { ...answer, done: answer.done && answer.out.includes(house.secret) }
        },
        inbox: async (house) => {
          const { id } = await house.pending(await note(house))
          return async (who) => {
            const answer = await house.get(who, `/inbox/proposals/${id}`)
            const shown = (await answer.text()).includes(house.secret)
            return { done: shown, said: `http ${answer.status}` }
          }
        },
        'MCP over HTTP': reading('MCP over HTTP'),
        'MCP over stdio': reading('MCP over stdio'),
        toolbox: reading('toolbox'),
        'API by token': readingByApi('token'),
        'API by session': readingByApi('session'),
      },
    },
  ],
  propose: [
    {
      name: 'propose',
      by: {
        'command line': proposingByCli(note),
        inbox: NO_DOOR,
        ...proposing(note),
        ...proposingByApi(note),
      },
    },
  ],
  approve: [{ name: 'approve', by: { ...deciding(note), ...NO_TOOL } }],
  archive: (['companies', 'people'] as const).flatMap((entity) => [
    {
      name: `have ${entity} archived`,
      entity,
      by: {
        'command line': proposingByCli(removal(entity)),
        inbox: NO_DOOR,
        ...proposing(removal(entity)),
        ...proposingByApi(removal(entity)),
      },
    },
    {
      name: `approve archiving ${entity}`,
      entity,
      by: { ...deciding(removal(entity), entity === 'companies' ? 'seconded' : 'pending'), ...NO_TOOL },
    },
  ]),
  invite: [
    {
      name: 'invite',
      by: {
        'command line': async (house) => (who) => house.cli(who, ['users', 'invite', address()]),
        inbox: async (house) => async (who) => {
          const email = address()
          const { said } = await house.post(who, '/inbox/invitations', { email, role: 'editor' })
          // Who is signed in elsewhere invites there; here nobody is invited.
          const [here] = await house.query(sql`select 1 as yes from core.invitations where email = ${email}`)
          return { done: here !== undefined, said: said === 'http 200' && !here ? 'nothing' : said }
        },
        ...NO_TOOL,
        ...NO_API,
      },
    },
    {
      name: 'change a role',
      by: {
        'command line': async (house) => {
          const { email } = await house.addMovable()
          return (who) => house.cli(who, ['users', 'role', email, 'editor'])
        },
        inbox: async (house) => {
          const { id } = await house.addMovable()
          return (who) => house.post(who, `/inbox/members/${id}/role`, { role: 'editor' })
        },
        ...NO_TOOL,
        ...NO_API,
      },
    },
  ],
  tokens: [
    {
      name: "revoke somebody else's token",
      by: {
        'command line': async (house) => {
          const id = await house.addToken()
          return (who) => house.cli(who, ['tokens', 'revoke', id])
        },
        inbox: async (house) => {
          const id = await house.addToken()
          return (who) => house.post(who, `/inbox/access/tokens/${id}/revoke`, {})
        },
        ...NO_TOOL,
        ...NO_API,
      },
    },
  ],
  export: [
    {
      name: 'export',
      by: {
        'command line': async (house) => (who) => house.cli(who, ['export', 'workspace', 'out.json']),
        inbox: NO_DOOR,
        ...NO_TOOL,
        ...NO_API,
      },
    },
  ],
  policy: [
    {
      name: 'set the policy',
      by: {
        'command line': async (house) => (who) => house.cli(who, ['policy', 'set', 'standard']),
        inbox: NO_DOOR,
        ...NO_TOOL,
        ...NO_API,
      },
    },
  ],
}

/** What a refusal may say. `http 404`: of another workspace's record nothing is said but that it is not there. */
const REFUSALS =
  /^(viewer|may_not_\w+|not_\w+|no_member|unknown_member|member_disabled|nothing|http 40[134]|record_not_found|proposal_not_found)$/
const LEAVES_NO_TRACE: ReadonlySet<Permission> = new Set(['read', 'export'])

describe.each(testEngines)('who may do what, by every road, on %s', (engine) => {
  let house: AccessHouse
  beforeAll(async () => {
    house = await openAccessHouse(engine)
    await house.addRecord('companies')
  })
  afterAll(() => house.close())

  test.each(PERMISSIONS)('%s', async (permission) => {
    const wrong: string[] = []
    let tried = 0
    for (const { name, entity, by } of DEEDS[permission]) {
      for (const surface of SURFACES) {
        const attempt = by[surface]
        if (attempt === NO_DOOR) continue
        for (const who of house.personas) {
          if (who.tokenOnly && !TOKEN_SURFACES.has(surface)) continue
          // To have something archived one proposes; to approve archiving one approves.
          const allowed = who.role !== null && may(who.role, permission, entity)
          const act = await attempt(house)
          const before = await house.state()
          const { done, said } = await act(who)
          const changed = (await house.state()) !== before
          tried += 1
          const line = `${who.name} · ${name} · ${surface}: ${said}`
          if (done !== allowed) wrong.push(`${line}, should be ${allowed ? 'allowed' : 'denied'}`)
          if (!allowed && !REFUSALS.test(said)) wrong.push(`${line} is no refusal`)
          if (changed !== (allowed && !LEAVES_NO_TRACE.has(permission))) {
            wrong.push(`${line}, and something ${changed ? 'changed' : 'did not change'}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(6)
  })
})

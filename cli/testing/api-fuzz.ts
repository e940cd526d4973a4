import { createAccessToken } from '../../db/access-tokens.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import { openApiDocument } from '../../inbox/api/openapi.ts'
import { RESOURCES } from '../../inbox/api/resources.ts'
import { requestMaker } from '../../inbox/api/testing/requests.ts'
import { startSession } from '../../inbox/session.ts'
import type { House } from '../compose.ts'
import { serve } from '../serve.ts'
import { sequence, UNLIMITED, watchRecords } from './closure.ts'

/** Said of our inside by an answer that should not. */
const INSIDE = /postgres(?!ql)|pg_catalog|at async|node_modules|\.ts:\d+/iu
/** Where a table that a program brings is kept until a person decides. */
const STAGED = ['imports', 'import_rows']
const KEPT_HANDLES = 200
const HANDLE = /\b(?:[A-Z]{2,}_\d{5}(?:\d\d)?|[a-z_]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g

export type FuzzCaller = 'agent' | 'person'

export interface ApiFuzz {
  /** Where it is served, and what each caller sends to be let in. */
  readonly url: string
  readonly headersOf: Readonly<Record<FuzzCaller, Readonly<Record<string, string>>>>
  /** Sends one request made from the OpenAPI document; answers what is wrong with the answer, if anything. */
  step(
    caller: FuzzCaller,
  ): Promise<{ readonly operation: string; readonly status: number; readonly fault: string | undefined }>
  /** A fingerprint of every record of the caller's workspace and of the other one. */
  watch(): Promise<readonly string[]>
  close(): Promise<void>
}

interface Named extends Record<string, unknown> {
  readonly name: string
  readonly id: string
}

const namedIn = (house: House, actor: Actor): Promise<Named[]> =>
  asTenant(house.database, { ...actor, via: 'system' }, (tx) =>
    rows<Named>(
      tx,
      sql`select id, btrim(coalesce(given_name, '') || ' ' || coalesce(family_name, '')) as name from crm.people
        union all select id, name from crm.companies`,
    ),
  )

/** Texts of these records that may stand in no answer: whole names of two words or more, and ids where those are secret too. */
const secretsOf = (records: readonly Named[], withIds: boolean): readonly string[] =>
  records.flatMap(({ name, id }) => [...(name.trim().includes(' ') ? [name] : []), ...(withIds ? [id] : [])])

/**
 * Serves the house, and goes at its API with a token and a session of `actor`. Nothing of `other`, a member of another
 * workspace, may show, nor a name to a token.
 */
export const openApiFuzz = async (
  house: House,
  { actor, other, seed }: { readonly actor: Actor; readonly other: Actor; readonly seed: number },
): Promise<ApiFuzz> => {
  const { database, config } = house
  const service = await serve(house, { config, run: async () => 1, apiLimits: UNLIMITED })
  const { token } = await asTenant(database, actor, (tx) =>
    createAccessToken(tx, { memberId: actor.memberId!, name: 'fuzz', scopes: ['crm'], expiresAt: null }),
  )
  const cookie = `tact_inbox=${await startSession(database, { ...actor, via: 'inbox' })}`
  const answer = await fetch(`${service.url}/api/session`, { headers: { cookie } })
  const { csrf } = (await answer.json()) as { readonly csrf: string }
  const headersOf: Readonly<Record<FuzzCaller, Readonly<Record<string, string>>>> = {
    agent: { authorization: `Bearer ${token}` },
    person: { cookie, origin: service.url, 'x-csrf-token': csrf },
  }
  const foreign = secretsOf(await namedIn(house, other), true)
  const own = secretsOf(await namedIn(house, actor), false).filter((name) => !foreign.includes(name))
  const shared = new Set(secretsOf(await namedIn(house, actor), false))
  const secrets: Readonly<Record<FuzzCaller, readonly string[]>> = {
    agent: [...foreign, ...own],
    person: foreign.filter((text) => !shared.has(text)),
  }
  const seen: Record<FuzzCaller, string[]> = { agent: [], person: [] }
  const random = sequence(seed)
  const makers = {
    agent: requestMaker(openApiDocument(), { random, seen: seen.agent }),
    person: requestMaker(openApiDocument(), { random, seen: seen.person }),
  }

  const faultOf = (
    caller: FuzzCaller,
    status: number,
    type: string,
    text: string,
    documented: ReadonlySet<number>,
    body: string | undefined,
  ): string | undefined => {
    if (status >= 500) return `${status} ${text.slice(0, 200)}`
    if (!documented.has(status)) return `${status} is not documented`
    if (status !== 304 && !/^application\/(problem\+)?json/.test(type)) return `answered as ${type}`
    if (INSIDE.test(text)) return 'speaks of our inside'
    const leaked = secrets[caller].find((secret) => text.includes(secret) && body?.includes(secret) !== true)
    return leaked === undefined ? undefined : `shows ${leaked}`
  }

  const remember = (caller: FuzzCaller, text: string): void => {
    const known = seen[caller]
    for (const [found] of text.matchAll(HANDLE)) {
      if (known.includes(found)) continue
      if (known.length < KEPT_HANDLES) known.push(found)
      else known[Math.floor(random() * KEPT_HANDLES)] = found
    }
  }
  for (const caller of ['agent', 'person'] as const) {
    for (const { path } of RESOURCES) {
      const page = await fetch(`${service.url}/api/crm/${path}?limit=10`, { headers: headersOf[caller] })
      remember(caller, await page.text())
    }
  }

  return {
    url: service.url,
    headersOf,
    step: async (caller) => {
      const { operation, method, path, headers, body, documented } = makers[caller]()
      const response = await fetch(service.url + path, {
        method,
        headers: { ...headers, ...headersOf[caller] },
        ...(body === undefined || method === 'GET' ? {} : { body }),
      })
      const text = await response.text()
      remember(caller, text)
      const type = response.headers.get('content-type') ?? ''
      const what = faultOf(caller, response.status, type, text, documented, body)
      const fault =
        what === undefined
          ? undefined
          : `${caller} ${method} ${path.slice(0, 300)} ${body?.slice(0, 300) ?? ''}: ${what}`
      return { operation, status: response.status, fault }
    },
    watch: async () => [await watchRecords(database, actor, STAGED), await watchRecords(database, other)],
    close: () => service.close(),
  }
}

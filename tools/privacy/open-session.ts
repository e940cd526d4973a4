import type { Database } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import { parseHandle, type HandleForm } from '../../domain/handle.ts'
import type { Policy } from '../../domain/policy.ts'
import { measure } from '../../domain/measures.ts'
import { recordUri, type RecordRef } from '../../domain/records.ts'
import type { Dictionary } from '../../redaction/dictionary.ts'
import { hideTree } from '../../redaction/hide.ts'
import { restoreArguments } from '../../redaction/restore-arguments.ts'
import { numbersIn, restoreText, type Resolve } from '../../redaction/restore.ts'
import { planScrub, recordsIn, scrub, type LegendSeed } from '../../redaction/scrub.ts'
import { createAsyncRestoreStream } from '../../redaction/stream.ts'
import { egressLedger } from './egress.ts'
import { factsOf } from './facts.ts'
import { namesOf, type Names } from './names.ts'
import type { OpenConversation } from './privacy.ts'
import type { HandleFacts, PrivacySession } from './session.ts'

interface SessionParts {
  readonly database: Database
  readonly actor: Actor
  readonly conversation: OpenConversation
  readonly dictionary: () => Promise<Dictionary>
  readonly policy: Policy
}

/** Strings of an answer that we wrote ourselves, or that come from closed sets. */
/** Arguments that hold code: values in them are escaped as its texts are. */
const CODE_KEYS = new Set(['sql'])
const PLAIN_KEYS: ReadonlySet<string> = new Set([
  'timezone',
  'as_of',
  'next_cursor',
  'code',
  'currency',
  'kind',
  'status',
  'direction',
  'type',
  'hide',
])

/** What `strict` lets be said of a record. */
const STRICT_FACTS: ReadonlySet<string> = new Set(['kind', 'status', 'stage', 'role'])
const harmless = (facts: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(facts ?? {}).filter(([name]) => STRICT_FACTS.has(name)))

export const openSession = ({
  database,
  actor,
  conversation,
  dictionary,
  policy,
}: SessionParts): PrivacySession => {
  const { vault, active, countries } = conversation
  const reading = async () => ({ dictionary: await dictionary(), active, countries, vault, policy })
  const remember = (legend: readonly LegendSeed[]): void => {
    for (const uri of recordsIn(legend)) active.add(uri)
  }

  const fetchNames = (records: readonly RecordRef[]): Promise<ReadonlyMap<string, Names>> =>
    records.length === 0
      ? Promise.resolve(new Map())
      : asTenant(database, actor, (tx) => namesOf(tx, records), { readOnly: true })

  /** Names are read from the rows each time, with the viewer's rights; none is kept. */
  const prepare = async (
    mentions: readonly { readonly number: string; readonly form: HandleForm }[],
  ): Promise<Resolve> => {
    if (mentions.some(({ number }) => vault.resolve(number) === undefined)) await vault.refresh()
    const targets = mentions.flatMap(({ number }) => vault.resolve(number) ?? [])
    const names = await fetchNames(targets.flatMap((target) => ('record' in target ? [target.record] : [])))
    return (number, form) => {
      const target = vault.resolve(number)
      if (!target) return undefined
      return 'record' in target ? names.get(recordUri(target.record))?.[form] : target.value
    }
  }

  const describe = async (legend: readonly LegendSeed[]): Promise<readonly HandleFacts[]> => {
    const candidates = legend
      .flatMap(({ candidates: list }) => list ?? [])
      .flatMap((handle) => {
        const target = vault.resolve(parseHandle(handle)?.number ?? '')
        return target && 'record' in target
          ? [{ handle, is: target.record.entity, record: target.record }]
          : []
      })
    const seeds: readonly LegendSeed[] = [
      ...new Map([...legend, ...candidates].map((seed) => [seed.handle, seed])).values(),
    ]
    const records = seeds.flatMap(({ record }) => (record ? [record] : []))
    const facts = await asTenant(database, actor, (tx) => factsOf(tx, records), { readOnly: true })
    const employers = [...facts.values()].flatMap(({ companyId }) =>
      companyId ? [{ label: 'COMPANY' as const, record: { entity: 'companies', id: companyId } }] : [],
    )
    await vault.ensure(employers)
    return seeds.map(({ handle, is, record, of, candidates: list }) => {
      const known = record ? facts.get(recordUri(record)) : undefined
      const company = known?.companyId
        ? vault.handleForRecord('COMPANY', { entity: 'companies', id: known.companyId })
        : undefined
      const all = {
        ...(policy === 'strict' ? harmless(known?.facts) : known?.facts),
        ...(company ? { company } : {}),
        ...(of ? { of: of.join(', ') } : {}),
      }
      return {
        handle,
        is,
        ...(Object.keys(all).length > 0 ? { facts: all } : {}),
        ...(list ? { candidates: [...list] } : {}),
      }
    })
  }

  const restoreStrings = (value: unknown, resolve: Resolve): unknown => {
    if (typeof value === 'string') return restoreText(value, resolve)
    if (Array.isArray(value)) return value.map((item) => restoreStrings(item, resolve))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, restoreStrings(item, resolve)]),
    )
  }

  return {
    policy,
    beforeSend: (answerId) =>
      egressLedger(
        {
          database,
          actor,
          conversationId: conversation.id,
          conversationKey: conversation.key,
          vault,
          policy,
          dictionaryVersion: async () => (await dictionary()).version,
        },
        answerId,
      ),
    async scrubQuestion(text) {
      const startedMs = performance.now()
      const result = await scrub(text, { ...(await reading()), mode: 'question' })
      measure('scrub', { what: 'question', ms: performance.now() - startedMs })
      remember(result.legend)
      return { text: result.text, legend: await describe(result.legend) }
    },
    async scrubContent(text) {
      return (await scrub(text, { ...(await reading()), mode: 'content' })).text
    },
    async findSpans(text) {
      return planScrub(text, { ...(await reading()), mode: 'content' }).spans
    },
    async hideResult(result) {
      const startedMs = performance.now()
      const { tree, legend } = await hideTree(result, { ...(await reading()), plain: PLAIN_KEYS })
      measure('scrub', { what: 'result', ms: performance.now() - startedMs })
      remember(legend)
      return tree
    },
    async restoreArguments(raw) {
      const display = async (record: RecordRef, form: HandleForm): Promise<string | undefined> =>
        (await fetchNames([record])).get(recordUri(record))?.[form]
      return (await restoreArguments(raw, vault, { display, codeKeys: CODE_KEYS })).value
    },
    async restoreText(text) {
      return restoreText(text, await prepare(numbersIn(text)))
    },
    async restoreTree(tree) {
      return restoreStrings(tree, await prepare(numbersIn(JSON.stringify(tree))))
    },
    restoreStream() {
      return createAsyncRestoreStream(prepare)
    },
    async sourcesOf(sources) {
      const resolve = await prepare(sources.flatMap(({ id }) => numbersIn(id)))
      return sources.flatMap(({ id, what }) => {
        const number = parseHandle(id)?.number
        const target = number === undefined ? undefined : vault.resolve(number)
        if (number === undefined || !target || !('record' in target)) return []
        return [{ handle: id, uri: recordUri(target.record), name: resolve(number, 'full') ?? '', what }]
      })
    },
    handleCount: () => vault.size(),
  }
}

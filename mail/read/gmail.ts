import { z } from 'zod'
import { unavailable, userError } from '../../domain/errors.ts'
import { askGmail } from './gmail-api.ts'
import type { GmailAccount } from './gmail-api.ts'
import type { RawMessage, ReadOptions } from './message.ts'

/** Messages asked for at once. */
const AT_ONCE = 8
const PAGE = '500'
const LEFT_OUT: ReadonlySet<string> = new Set(['SPAM', 'TRASH', 'DRAFT', 'CHAT'])

const Profile = z.object({ historyId: z.string() })
const Labels = z.object({ labels: z.array(z.object({ id: z.string(), name: z.string() })).default([]) })
const Named = z.object({ id: z.string(), labelIds: z.array(z.string()).default([]) })
const List = z.object({
  messages: z.array(z.object({ id: z.string() })).default([]),
  nextPageToken: z.string().optional(),
})
const Raw = z.object({ raw: z.string(), labelIds: z.array(z.string()).default([]) })
const History = z.object({
  history: z
    .array(
      z.object({
        id: z.string(),
        messagesAdded: z.array(z.object({ message: Named })).default([]),
        labelsAdded: z.array(z.object({ message: Named })).default([]),
        labelsRemoved: z.array(z.object({ message: Named })).default([]),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
  historyId: z.string(),
})

/**
 * Where reading stands: after a first reading, in the history; amid it, at a message of a page of a label, with the
 * history as it was before it began.
 */
const Place = z.union([
  z.object({ history: z.string() }),
  z.object({
    before: z.string(),
    label: z.string().nullable(),
    page: z.string().nullable(),
    last: z.string(),
  }),
])
type Place = z.infer<typeof Place>

interface Found {
  readonly id: string
  readonly place: Place
}

const readPlace = (after: string | undefined): Place | undefined => {
  if (after === undefined) return undefined
  try {
    return Place.parse(JSON.parse(after))
  } catch {
    return undefined
  }
}

const labelIds = async (
  account: GmailAccount,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> => {
  if (account.labels === undefined) return undefined
  const known = (await askGmail(account, { path: 'labels', shape: Labels, signal }))?.labels ?? []
  return account.labels.map((wanted) => {
    const found = known.find(({ id, name }) => id === wanted || name === wanted)
    if (found) return found.id
    throw userError('unknown_label', 'The mailbox has no label of that name.', {
      validOptions: known.map(({ name }) => name),
    })
  })
}

const needed = <T>(answer: T | undefined): T => {
  if (answer !== undefined) return answer
  throw unavailable('mailbox_unreachable', 'Gmail does not answer as its documentation says.', {
    fix: 'Run it again later: it goes on where it stood.',
  })
}

const isRead = (labels: readonly string[], wanted: readonly string[] | undefined): boolean =>
  !labels.some((label) => LEFT_OUT.has(label)) &&
  (wanted === undefined || labels.some((label) => wanted.includes(label)))

/** Every message, label by label and page by page; goes on behind `from`, or with its label where its page is gone. */
async function* listed(
  account: GmailAccount,
  wanted: readonly string[] | undefined,
  before: string,
  from: Extract<Place, { before: string }> | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Found> {
  const labels: readonly (string | null)[] = wanted ?? [null]
  const start = from === undefined ? 0 : Math.max(0, labels.indexOf(from.label))
  for (const label of labels.slice(start)) {
    let page = from !== undefined && label === from.label ? from.page : null
    let behind = from !== undefined && label === from.label ? from.last : undefined
    for (;;) {
      const query = {
        maxResults: PAGE,
        q: '-in:chats -in:drafts',
        labelIds: label ?? undefined,
        pageToken: page ?? undefined,
      }
      const answer = await askGmail(account, { path: 'messages', query, shape: List, signal })
      if (answer === undefined) {
        if (page === null) return needed(answer)
        page = null
        behind = undefined
        continue
      }
      const ids = answer.messages.map(({ id }) => id)
      for (const id of ids.slice(behind === undefined ? 0 : ids.indexOf(behind) + 1))
        yield { id, place: { before, label, page, last: id } }
      behind = undefined
      if (answer.nextPageToken === undefined) break
      page = answer.nextPageToken
    }
  }
}

/** What came since; answers the id where the history ended, or undefined where Google no longer knows that far back. */
async function* added(
  account: GmailAccount,
  wanted: readonly string[] | undefined,
  since: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Found, string | undefined> {
  const met = new Set<string>()
  // A record may name several messages: it is behind us when the next one begins.
  let history = since
  for (let page: string | undefined; ;) {
    const query = { startHistoryId: since, maxResults: PAGE, pageToken: page }
    const answer = await askGmail(account, { path: 'history', query, shape: History, signal })
    if (answer === undefined) return undefined
    for (const { id, messagesAdded, labelsAdded, labelsRemoved } of answer.history) {
      for (const { message } of [...messagesAdded, ...labelsAdded, ...labelsRemoved]) {
        if (met.has(message.id) || !isRead(message.labelIds, wanted)) continue
        met.add(message.id)
        yield { id: message.id, place: { history } }
      }
      history = id
    }
    if (answer.nextPageToken === undefined) return answer.historyId
    page = answer.nextPageToken
  }
}

const fetchRaw = async (
  account: GmailAccount,
  { id }: Found,
  wanted: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> => {
  const path = `messages/${encodeURIComponent(id)}`
  const answer = await askGmail(account, { path, query: { format: 'raw' }, shape: Raw, signal })
  // Gone, or moved out of the scope, since it was listed.
  if (answer === undefined || !isRead(answer.labelIds, wanted)) return undefined
  return Buffer.from(answer.raw, 'base64url')
}

/** Bodies of what was found, several asked for at once, in order. */
async function* bodies(
  account: GmailAccount,
  found: AsyncIterable<Found>,
  wanted: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly raw: Buffer; readonly place: Place }> {
  const take = async function* (group: readonly Found[]) {
    const raws = await Promise.all(group.map((one) => fetchRaw(account, one, wanted, signal)))
    for (const [at, raw] of raws.entries()) if (raw !== undefined) yield { raw, place: group[at]!.place }
  }
  let group: Found[] = []
  for await (const one of found) {
    group.push(one)
    if (group.length < AT_ONCE) continue
    yield* take(group)
    group = []
  }
  yield* take(group)
}

/** The last message takes the place that `end` answers, when all are read. */
async function* closedWith(
  messages: AsyncIterable<{ readonly raw: Buffer; readonly place: Place }>,
  end: () => Place | undefined,
): AsyncGenerator<RawMessage> {
  let held: { readonly raw: Buffer; readonly place: Place } | undefined
  for await (const message of messages) {
    if (held) yield { raw: held.raw, place: JSON.stringify(held.place) }
    held = message
  }
  if (held) yield { raw: held.raw, place: JSON.stringify(end() ?? held.place) }
}

/**
 * Messages of a Gmail mailbox that came since `after`, by its history; the first time, and where that history is gone, all
 * of them. `place` serves the next increment too. Nothing is changed at Google. Throws `mailbox_refused`,
 * `mailbox_unreachable` and `unknown_label`.
 */
export async function* readGmail(
  account: GmailAccount,
  { after, signal }: ReadOptions = {},
): AsyncGenerator<RawMessage> {
  const wanted = await labelIds(account, signal)
  const from = readPlace(after)
  let reached: string | undefined
  if (from !== undefined && 'history' in from) {
    const found = (async function* () {
      reached = yield* added(account, wanted, from.history, signal)
    })()
    const end = (): Place | undefined => (reached === undefined ? undefined : { history: reached })
    yield* closedWith(bodies(account, found, wanted, signal), end)
    if (reached !== undefined) return
  }
  const amid = from !== undefined && 'before' in from ? from : undefined
  const profile = await askGmail(account, { path: 'profile', shape: Profile, signal })
  const before = amid?.before ?? needed(profile).historyId
  const found = listed(account, wanted, before, amid, signal)
  // Behind the last one stands the history as it was before the first.
  yield* closedWith(bodies(account, found, wanted, signal), () => ({ history: before }))
}

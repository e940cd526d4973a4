import { newId } from '../domain/ids.ts'

/** What threading needs to know of a message. */
export interface Threadable {
  readonly key: string
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly subject: string
  readonly sentAtMs: number
  readonly from: string | null
  /** Addresses in To, Cc and Bcc. */
  readonly recipients: readonly string[]
  /** Thread it is already in; null for a new one. */
  readonly threadId: string | null
}

const REPLY =
  /^\s*(?:re|aw|antw|antwort|sv|vs|ref|odp|ynt|res|rif|atb|回复|答复|返信)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*/iu
const FORWARD = /^\s*(?:fwd?|fw|wg|tr|rv|enc|i|doorst|vl|vb|pd|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]\s*/iu
const LIST_TAG = /^\s*\[[^\]]{1,40}\]\s*/u

export interface BaseSubject {
  /** Without prefixes, spaces made single. */
  readonly base: string
  /** It was a reply, not only a forward. */
  readonly isReply: boolean
}

/** `Re: [ILUG] AW: price` -> `price`, a reply. */
export const baseSubject = (subject: string): BaseSubject => {
  let base = subject.replace(/\s+/g, ' ').trim()
  let isReply = false
  for (;;) {
    const shorter = base.replace(REPLY, '')
    if (shorter !== base) isReply = true
    const next = shorter
      .replace(FORWARD, '')
      .replace(LIST_TAG, '')
      .replace(/\s*\((?:fwd|was:? .*)\)\s*$/i, '')
    if (next === base) break
    base = next
  }
  return { base, isReply }
}

/** How long after a message a reply without ancestors may still answer it. */
export const SUBJECT_WINDOW_MS = 14 * 86_400_000

/** Last resort: a reply that names no ancestor goes with an earlier message of its subject among the same people. */
const answersBySubject = (reply: Threadable, earlier: Threadable): boolean => {
  if (reply.sentAtMs < earlier.sentAtMs || reply.sentAtMs - earlier.sentAtMs > SUBJECT_WINDOW_MS) return false
  if (reply.from === null || earlier.from === null) return false
  return reply.recipients.includes(earlier.from) || earlier.recipients.includes(reply.from)
}

/** Shorter subjects say nothing. */
const MIN_SUBJECT = 3

/** A reply that names no ancestor and has a subject to go by. */
export const isOrphanReply = (message: Threadable): boolean => {
  if (message.inReplyTo !== null || message.references.length > 0) return false
  const { base, isReply } = baseSubject(message.subject)
  return isReply && base.length >= MIN_SUBJECT
}

class Groups {
  readonly #parent = new Map<string, string>()

  find(node: string): string {
    let root = node
    for (let up = this.#parent.get(root); up !== undefined; up = this.#parent.get(root)) root = up
    for (let at = node; at !== root;) {
      const up = this.#parent.get(at)!
      this.#parent.set(at, root)
      at = up
    }
    return root
  }

  join(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)]
    if (rootA !== rootB) this.#parent.set(rootA, rootB)
  }
}

export interface Threading {
  /** Thread of each message, by its key. */
  readonly threadOf: ReadonlyMap<string, string>
  readonly created: readonly string[]
  /** Threads that turned out to be one: the lower id stays. */
  readonly merged: readonly { readonly from: string; readonly into: string }[]
}

/**
 * Puts messages into threads: connected by References and In-Reply-To (also over a message that is missing), then by
 * subject as a last resort. `messages` holds the new ones and those stored ones that may belong to them. The
 * division does not depend on the order in which messages come.
 */
export const threadMessages = (messages: readonly Threadable[]): Threading => {
  const groups = new Groups()
  const bySubject = new Map<string, Threadable[]>()
  for (const message of messages) {
    const node = `message ${message.key}`
    groups.join(node, `id ${message.messageId}`)
    for (const ancestor of [message.inReplyTo, ...message.references]) {
      if (ancestor !== null) groups.join(node, `id ${ancestor}`)
    }
    if (message.threadId !== null) groups.join(node, `thread ${message.threadId}`)
    const subject = baseSubject(message.subject).base.toLowerCase()
    if (subject.length < MIN_SUBJECT) continue
    const same = bySubject.get(subject)
    if (same) same.push(message)
    else bySubject.set(subject, [message])
  }
  for (const same of bySubject.values()) {
    if (same.length === 1) continue
    for (const reply of same.filter(isOrphanReply)) {
      for (const earlier of same) {
        if (earlier !== reply && answersBySubject(reply, earlier)) {
          groups.join(`message ${reply.key}`, `message ${earlier.key}`)
        }
      }
    }
  }
  return settle(messages, groups)
}

const settle = (messages: readonly Threadable[], groups: Groups): Threading => {
  const threadsOf = new Map<string, Set<string>>()
  for (const { key, threadId } of messages) {
    const root = groups.find(`message ${key}`)
    const known = threadsOf.get(root) ?? new Set<string>()
    if (threadId !== null) known.add(threadId)
    threadsOf.set(root, known)
  }
  const winnerOf = new Map<string, string>()
  const created: string[] = []
  const merged: { from: string; into: string }[] = []
  for (const [root, known] of threadsOf) {
    const [winner, ...losers] = [...known].sort()
    if (winner === undefined) {
      const id = newId()
      created.push(id)
      winnerOf.set(root, id)
      continue
    }
    winnerOf.set(root, winner)
    for (const from of losers) merged.push({ from, into: winner })
  }
  const threadOf = new Map(messages.map(({ key }) => [key, winnerOf.get(groups.find(`message ${key}`))!]))
  return { threadOf, created, merged }
}

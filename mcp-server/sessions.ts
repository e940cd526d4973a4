import type { McpIdentity } from './caller.ts'
import type { TellingTransport } from './held-back.ts'

/** A session of the protocol era that has them (up to 2025-11-25). */
export interface Session {
  readonly id: string
  readonly transport: TellingTransport
  /** As of the latest request: a changed role holds at once. */
  identity: McpIdentity
  /** HTTP exchanges open now, event streams included. */
  open: number
  seenAtMs: number
}

export interface SessionLimits {
  readonly maxSessions: number
  readonly maxPerCredential: number
  /** A session without an open exchange is dropped after this long. */
  readonly idleMs: number
}

export const SESSION_LIMITS: SessionLimits = {
  maxSessions: 256,
  maxPerCredential: 64,
  idleMs: 30 * 60_000,
}

/**
 * Most clients never say goodbye, so sessions are evicted: the least recently used when there are too many, and idle
 * ones with time. A client whose session is gone gets 404 and starts another, as the protocol has it.
 */
export class Sessions {
  readonly #limits: SessionLimits
  readonly #now: () => number
  readonly #byId = new Map<string, Session>()

  constructor(limits: SessionLimits, now: () => number = Date.now) {
    this.#limits = limits
    this.#now = now
  }

  get size(): number {
    return this.#byId.size
  }

  /** The session, if it was opened with this credential; another's is as unknown as one that never was. */
  find(id: string, identity: McpIdentity): Session | undefined {
    const session = this.#byId.get(id)
    if (session === undefined || session.identity.credentialId !== identity.credentialId) return undefined
    session.identity = identity
    session.seenAtMs = this.#now()
    this.#byId.delete(id)
    this.#byId.set(id, session)
    return session
  }

  /** Adds a session, at the cost of the least recently used one where a limit is reached. */
  add(id: string, transport: TellingTransport, identity: McpIdentity): Session {
    const { maxPerCredential, maxSessions } = this.#limits
    const own = [...this.#byId.values()].filter(
      (session) => session.identity.credentialId === identity.credentialId,
    )
    if (own.length >= maxPerCredential) this.#evict(own)
    else if (this.#byId.size >= maxSessions) this.#evict([...this.#byId.values()])
    const session: Session = { id, transport, identity, open: 0, seenAtMs: this.#now() }
    this.#byId.set(id, session)
    return session
  }

  remove(id: string): void {
    this.#byId.delete(id)
  }

  dropIdle(): void {
    const oldest = this.#now() - this.#limits.idleMs
    for (const session of this.#byId.values()) {
      if (session.open === 0 && session.seenAtMs < oldest) this.#drop(session)
    }
  }

  async closeAll(): Promise<void> {
    const all = [...this.#byId.values()]
    this.#byId.clear()
    await Promise.allSettled(all.map(({ transport }) => transport.close()))
  }

  /** `candidates` stand in order of use. One without an open exchange goes first. */
  #evict(candidates: readonly Session[]): void {
    const victim = candidates.find(({ open }) => open === 0) ?? candidates[0]
    if (victim) this.#drop(victim)
  }

  #drop(session: Session): void {
    this.#byId.delete(session.id)
    void session.transport.close().catch(() => undefined)
  }
}

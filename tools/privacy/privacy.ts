import type { Database } from '../../db/connect.ts'
import { readConversation } from '../../db/conversations.ts'
import { asTenant, type TenantTx } from '../../db/tenant.ts'
import { vaultStore } from '../../db/vault-store.ts'
import { ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Policy } from '../../domain/policy.ts'
import type { Dictionary } from '../../redaction/dictionary.ts'
import { openVault, type Vault } from '../../redaction/vault.ts'
import { createDictionaries } from './dictionary.ts'
import { openSession } from './open-session.ts'
import type { PrivacySession } from './session.ts'

export interface PrivacyOptions {
  /** Stands in for the workspace's own: for a text that stays on this screen, or for one client alone. */
  readonly policy?: Policy
}

/** A conversation of which it is not known yet what has to be hidden in it: handles can be put back, nothing else. */
export interface EnteredConversation extends Pick<PrivacySession, 'restoreArguments' | 'restoreText'> {
  /**
   * The session as of a transaction that only reads: names are read in it, and not again when something is hidden.
   * `policy` is what the workspace hides as of then, `snapshot` its `pg_current_snapshot()` as text.
   */
  within(tx: TenantTx, now: { readonly policy: Policy; readonly snapshot: string }): Promise<PrivacySession>
  /** The session that reads the names anew whenever something is hidden. */
  session(policy: Policy): PrivacySession
}

/** Opens the redaction layer of a conversation for a member. */
export interface Privacy {
  open(actor: Actor, conversationId: string, options?: PrivacyOptions): Promise<PrivacySession>
  /** As `open`, for whoever reads the workspace in a transaction of theirs anyway. */
  enter(actor: Actor, conversationId: string, options?: PrivacyOptions): Promise<EnteredConversation>
  /** Tells of a transaction of ours that wrote nothing anybody is known by, so that the names are not read anew for it. */
  noteHarmless(transaction: bigint): void
}

/** What this process keeps of a conversation: its handles, and the records it has been about. */
export interface OpenConversation {
  readonly id: string
  /** 32 bytes; bodies of requests are kept under it. */
  readonly key: Uint8Array
  readonly vault: Vault
  readonly active: Set<string>
  readonly countries: readonly string[]
}

const MAX_OPEN = 500

/** Whoever calls by MCP has a model that we cannot see: to it, `off` is no choice. */
const policyFor = (policy: Policy, actor: Actor): Policy =>
  policy === 'off' && actor.via === 'mcp' ? 'standard' : policy

export const createPrivacy = (database: Database): Privacy => {
  const dictionaries = createDictionaries(database)
  const conversations = new Map<string, Promise<OpenConversation>>()

  const load = async (actor: Actor, conversationId: string): Promise<OpenConversation> => {
    const { key, country } = await asTenant(
      database,
      actor,
      async (tx) => ({
        key: (await readConversation(tx, conversationId)).key,
        country: (await ownWorkspace(tx)).country,
      }),
      { readOnly: true },
    )
    const vault = await openVault({
      conversationKey: key,
      store: vaultStore(database, actor, conversationId),
    })
    return { id: conversationId, key, vault, active: new Set(), countries: [country] }
  }

  const conversation = async (actor: Actor, id: string): Promise<OpenConversation> => {
    const key = `${actor.tenantId}/${id}`
    const known = conversations.get(key)
    conversations.delete(key)
    const opening = known ?? load(actor, id)
    conversations.set(key, opening)
    if (conversations.size > MAX_OPEN) conversations.delete(conversations.keys().next().value!)
    try {
      return await opening
    } catch (error) {
      conversations.delete(key)
      throw error
    }
  }

  const enter: Privacy['enter'] = async (actor, conversationId, options = {}) => {
    const opened = await conversation(actor, conversationId)
    const sessionOf = (own: Policy, dictionary: () => Promise<Dictionary>): PrivacySession => {
      const policy = options.policy ?? policyFor(own, actor)
      return openSession({ database, actor, conversation: opened, policy, dictionary })
    }
    const session = (own: Policy): PrivacySession => sessionOf(own, () => dictionaries.current(actor))
    const restoring = session('strict')
    return {
      restoreArguments: (raw) => restoring.restoreArguments(raw),
      restoreText: (text) => restoring.restoreText(text),
      session,
      async within(tx, { policy, snapshot }) {
        const known = await dictionaries.within(tx, actor, snapshot)
        return sessionOf(policy, async () => known)
      },
    }
  }

  return {
    noteHarmless: (transaction) => dictionaries.noteHarmless(transaction),
    enter: async (actor, conversationId, options) => {
      await dictionaries.ready(actor)
      return enter(actor, conversationId, options)
    },
    async open(actor, conversationId, options) {
      const entered = await enter(actor, conversationId, options)
      const { policy } = await asTenant(database, actor, (tx) => ownWorkspace(tx), { readOnly: true })
      return entered.session(policy)
    },
  }
}

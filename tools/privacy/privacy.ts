import type { Database } from '../../db/connect.ts'
import { readConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import { vaultStore } from '../../db/vault-store.ts'
import { ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Policy } from '../../domain/policy.ts'
import { openVault, type Vault } from '../../redaction/vault.ts'
import { createDictionaries } from './dictionary.ts'
import { openSession } from './open-session.ts'
import type { PrivacySession } from './session.ts'

/** Opens the redaction layer of a conversation for a member. */
export interface Privacy {
  open(
    actor: Actor,
    conversationId: string,
    /** `policy` stands in for the workspace's own: for a text that stays on this screen, or for one client alone. */
    options?: { readonly policy?: Policy },
  ): Promise<PrivacySession>
}

/** The redaction layer of a process, which keeps what workspaces know by name. */
export interface ProcessPrivacy extends Privacy {
  /** Reads what the workspace knows by name, so that the first question need not wait for it. */
  readAhead(actor: Actor): Promise<void>
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

export const createPrivacy = (database: Database): ProcessPrivacy => {
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

  return {
    async open(actor, conversationId, options = {}) {
      const opened = await conversation(actor, conversationId)
      const { policy } = await asTenant(database, actor, (tx) => ownWorkspace(tx), { readOnly: true })
      return openSession({
        database,
        actor,
        conversation: opened,
        policy: options.policy ?? policyFor(policy, actor),
        dictionary: () => dictionaries.current(actor),
      })
    },
    async readAhead(actor) {
      await dictionaries.current(actor)
    },
  }
}

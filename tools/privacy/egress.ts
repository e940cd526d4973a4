import { createHash } from 'node:crypto'
import type { Database } from '../../db/connect.ts'
import { recordEgress } from '../../db/egress.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import { denied } from '../../domain/errors.ts'
import { HANDLE_LABELS } from '../../domain/handle.ts'
import { newId } from '../../domain/ids.ts'
import { measure } from '../../domain/measures.ts'
import { hides, type Policy } from '../../domain/policy.ts'
import { recordUri } from '../../domain/records.ts'
import { isCommonWord } from '../../redaction/common-words.ts'
import { isRecordLabel } from '../../redaction/find-spans.ts'
import { findLeaks } from '../../redaction/scan.ts'
import { sealBody } from '../../redaction/seal-body.ts'
import type { Vault } from '../../redaction/vault.ts'
import { namesOf } from './names.ts'

export interface EgressParts {
  readonly database: Database
  readonly actor: Actor
  readonly conversationId: string
  readonly conversationKey: Uint8Array
  readonly vault: Vault
  readonly policy: Policy
  readonly dictionaryVersion: () => Promise<number>
}

const HANDLE = new RegExp(`(?<![A-Z])(${HANDLE_LABELS.join('|')})_(\\d{5}|\\d{7})(?!\\d)`, 'gu')

/** A letter of no name and no handle. */
const NOBODY = '\uA66E'

/**
 * The body with each handle of this conversation as one letter: read on through, `PERSON_10427` would hold the name
 * `Person 10`. What only looks like a handle stays as it is.
 */
const withoutHandles = (body: string, vault: Vault): string =>
  body.replace(HANDLE, (handle, _label, number: string) =>
    vault.resolve(number) === undefined ? handle : NOBODY,
  )

/** Distinct handles of a body by label. */
const handlesIn = (body: string): Record<string, number> => {
  const numbers = new Map<string, string>()
  for (const [, label, number] of body.matchAll(HANDLE)) numbers.set(number!, label!)
  const counts: Record<string, number> = {}
  for (const label of numbers.values()) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

/** Words of the language occur in any body; a name made of them proves nothing. */
const tells = (value: string): boolean =>
  value.length >= 5 && !value.split(/[^\p{L}\p{N}]+/u).every((word) => word === '' || isCommonWord(word))

/** The real values behind the handles of this conversation, as far as the policy hides them. */
const knownValues = async ({ database, actor, vault, policy }: EgressParts): Promise<readonly string[]> => {
  await vault.refresh()
  const targets = vault.targets().filter(({ label }) => hides(policy, label))
  const records = targets.flatMap((target) =>
    'record' in target && isRecordLabel(target.label) ? [target.record] : [],
  )
  const named = records.filter(({ entity }) => ['people', 'members', 'companies', 'deals'].includes(entity))
  const names = await asTenant(database, actor, (tx) => namesOf(tx, named), { readOnly: true })
  const values = targets.flatMap((target) =>
    'value' in target && !['NAME', 'TITLE', 'AMOUNT', 'PLACE'].includes(target.label) ? [target.value] : [],
  )
  const full = named.flatMap((record) => names.get(recordUri(record))?.full ?? [])
  return [...new Set([...full, ...values])].filter(
    (value) => tells(value) && !/^[A-Z]+_\d{5,7}[fl]?$/u.test(value),
  )
}

/**
 * Records every request of one answer before it leaves: digest of the exact body, handles by label, policy, and what a
 * scan that knows nothing of the scrubber finds of the real values. Throws `unsafe_text` where it finds any, after
 * recording that nothing was sent.
 */
export const egressLedger =
  (parts: EgressParts, answerId: string) =>
  async ({ model, body }: { readonly model: string; readonly body: string }): Promise<void> => {
    const { database, actor, conversationId, conversationKey, policy } = parts
    const values = await knownValues(parts)
    const leaks = findLeaks(withoutHandles(body, parts.vault), values).length
    const id = newId()
    const row = {
      id,
      conversationId,
      answerId,
      model,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      bodyBytes: Buffer.byteLength(body),
      body: sealBody(conversationKey, id, body),
      policy,
      dictionaryVersion: await parts.dictionaryVersion(),
      handles: handlesIn(body),
      scannedValues: values.length,
      leaks,
      sent: leaks === 0,
    }
    await asTenant(database, actor, (tx) => recordEgress(tx, row))
    const handles = Object.values(row.handles).reduce((sum, count) => sum + count, 0)
    measure('egress', { conversationId, bytes: row.bodyBytes, handles, sent: row.sent })
    if (leaks === 0) return
    throw denied(
      'unsafe_text',
      'The request still held a value that this workspace knows. It was not sent.',
      {
        fix: 'Use a model on this machine (TACT_MODEL=offline, or openai-compatible: with a local address), and tell whoever runs Tact: `tact audit egress` shows the request.',
      },
    )
  }

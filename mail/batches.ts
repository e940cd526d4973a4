import { addressesOf } from './link.ts'
import { isExcluded } from './mailbox.ts'
import type { Mailbox } from './mailbox.ts'
import { parseMessage } from './parse.ts'
import type { ParsedMessage } from './parse.ts'
import type { RawMessage } from './read/message.ts'

const BATCH_MESSAGES = 250
const BATCH_BYTES = 8 << 20

/** Messages as they are stored together: so many at most, and so many bytes unless one alone has more. */
export async function* batches(messages: AsyncIterable<RawMessage>): AsyncGenerator<readonly RawMessage[]> {
  let batch: RawMessage[] = []
  let bytes = 0
  for await (const message of messages) {
    batch.push(message)
    bytes += message.raw.byteLength
    if (batch.length < BATCH_MESSAGES && bytes < BATCH_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

/** `now` as `parseMessage` takes it. */
export const parseAll = async (
  messages: readonly RawMessage[],
  now: Date,
): Promise<readonly ParsedMessage[]> => {
  const parsed: ParsedMessage[] = []
  for (const { raw } of messages) parsed.push(await parseMessage(raw, now))
  return parsed
}

/** Those that the mailbox's scope lets in. */
export const withinScope = (
  parsed: readonly ParsedMessage[],
  mailbox: Pick<Mailbox, 'excluded'> | undefined,
): readonly ParsedMessage[] => {
  const excluded = mailbox?.excluded ?? []
  if (excluded.length === 0) return parsed
  return parsed.filter((message) => addressesOf(message).every((address) => !isExcluded(address, excluded)))
}

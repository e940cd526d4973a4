import type { Database } from '../../db/connect.ts'
import { readTurns } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Caller } from '../toolbox.ts'
import type { PrivacySession } from './session.ts'

/** What the member said in this conversation up to now, with names where the turns hold handles. */
export const saidIn = async (
  database: Database,
  { actor, conversationId, said = [] }: Caller,
  session: Pick<PrivacySession, 'restoreText'>,
): Promise<readonly string[]> => {
  const turns = await asTenant(database, actor, (tx) => readTurns(tx, conversationId), { readOnly: true })
  const kept = turns.flatMap(({ role, content }) => {
    const text = (content as { text?: unknown } | null)?.text
    return role === 'user' && typeof text === 'string' ? [text] : []
  })
  const earlier: string[] = []
  for (const text of kept) earlier.push(await session.restoreText(text))
  return [...earlier, ...said]
}

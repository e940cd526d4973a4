import { userError } from '../domain/errors.ts'
import { newId, type MemberId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** What a person may say of how they are answered, and what each is. */
export const PREFERENCES = {
  digest:
    'on or off: whether digests are mailed to you, where the workspace has them (on where nothing is set)',
  stale_days: 'days without contact after which something is stale, 1 to 365 (30 where nothing is set)',
  style: 'how a language model writes to you, up to 300 letters',
} as const
export type PreferenceName = keyof typeof PREFERENCES

export interface Preference {
  readonly name: PreferenceName
  readonly value: string
}

export const isPreference = (name: string): name is PreferenceName => Object.hasOwn(PREFERENCES, name)

/** Throws a user error for a value that does not hold. */
const checked = (name: PreferenceName, value: string): string => {
  const text = value.trim()
  const days = Number(text)
  const holds = {
    digest: text === 'on' || text === 'off',
    stale_days: Number.isInteger(days) && days >= 1 && days <= 365,
    style: text !== '' && text.length <= 300,
  }[name]
  if (holds) return text
  throw userError('bad_preference', `That is no value for ${name}.`, {
    fix: `${name}: ${PREFERENCES[name]}.`,
  })
}

/** One member's own preferences, by name. */
export const listPreferences = (tx: TenantTx, memberId: MemberId | null): Promise<readonly Preference[]> =>
  rows<Preference>(
    tx,
    sql`select name, value from workflow.preferences where member_id = ${memberId} and deleted_at is null order by name`,
  )

export const setPreference = async (
  tx: TenantTx,
  memberId: MemberId | null,
  { name, value }: Preference,
): Promise<void> => {
  await rows(
    tx,
    sql`insert into workflow.preferences (id, tenant_id, member_id, name, value)
      values (${newId()}, core.current_tenant(), ${memberId}, ${name}, ${checked(name, value)})
      on conflict (tenant_id, member_id, name) where deleted_at is null
      do update set value = excluded.value, updated_at = now()`,
  )
}

/** Whether there was one to drop. */
export const dropPreference = async (
  tx: TenantTx,
  memberId: MemberId | null,
  name: string,
): Promise<boolean> =>
  (
    await rows(
      tx,
      sql`delete from workflow.preferences where member_id = ${memberId} and name = ${name} returning id`,
    )
  ).length > 0

export interface TaughtWord {
  readonly word: string
  readonly means: string
}

/** The team's own words, by word. */
export const listTaughtWords = (tx: TenantTx): Promise<readonly TaughtWord[]> =>
  rows<TaughtWord>(
    tx,
    sql`select word, means from workflow.taught_words where deleted_at is null order by word limit 500`,
  )

/** Teaches a word, or teaches it anew. */
export const teachWord = async (
  tx: TenantTx,
  memberId: MemberId | null,
  { word, means }: TaughtWord,
): Promise<void> => {
  await rows(
    tx,
    sql`insert into workflow.taught_words (id, tenant_id, word, means, member_id)
      values (${newId()}, core.current_tenant(), ${word.toLowerCase()}, ${means}, ${memberId})
      on conflict (tenant_id, word) where deleted_at is null
      do update set means = excluded.means, member_id = excluded.member_id, updated_at = now()`,
  )
}

/** Whether there was one to drop. */
export const dropWord = async (tx: TenantTx, word: string): Promise<boolean> =>
  (await rows(tx, sql`delete from workflow.taught_words where word = ${word.toLowerCase()} returning id`))
    .length > 0

export interface UnreadQuestion {
  readonly conversation_id: string
  /** With handles. */
  readonly question: string
  readonly created_at: string
}

/** Keeps what the planner could not read (with handles), until its conversation is forgotten. */
export const keepUnread = async (
  tx: TenantTx,
  conversationId: string,
  { memberId, question }: { readonly memberId: MemberId | null; readonly question: string },
): Promise<void> => {
  await rows(
    tx,
    sql`insert into workflow.unread_questions (id, tenant_id, conversation_id, member_id, question)
      values (${newId()}, core.current_tenant(), ${conversationId}, ${memberId}, ${question})`,
  )
}

/** What of a member's questions was not read, the newest first. */
export const listUnread = (
  tx: TenantTx,
  memberId: MemberId | null,
  limit = 50,
): Promise<readonly UnreadQuestion[]> =>
  rows<UnreadQuestion>(
    tx,
    sql`select conversation_id, question, created_at::text from workflow.unread_questions
      where member_id = ${memberId} and deleted_at is null order by created_at desc, id desc limit ${limit}`,
  )

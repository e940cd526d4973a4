import type { MemberId } from '../domain/ids.ts'
import { newId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

export interface AnswerRating {
  readonly conversationId: string
  /** The answer it is about, as its surface names it. */
  readonly answer: string
  readonly memberId: MemberId
  readonly rating: 'good' | 'bad'
}

/** Keeps what a member thinks of an answer; the last word counts. */
export const rateAnswer = async (tx: TenantTx, rating: AnswerRating): Promise<void> => {
  await rows(
    tx,
    sql`insert into workflow.answer_ratings (id, tenant_id, conversation_id, answer, member_id, rating)
      values (${newId()}, core.current_tenant(), ${rating.conversationId}::uuid, ${rating.answer}, ${rating.memberId}::uuid, ${rating.rating})
      on conflict (tenant_id, answer, member_id) where deleted_at is null do update set rating = excluded.rating`,
  )
}

/** What was thought of answers, newest first; the questions are in the turns of the conversation, with handles. */
export const listRatings = (tx: TenantTx): Promise<readonly AnswerRating[]> =>
  rows<AnswerRating>(
    tx,
    sql`select conversation_id as "conversationId", answer, member_id as "memberId", rating from workflow.answer_ratings
      where deleted_at is null order by updated_at desc, id desc limit 1000`,
  )

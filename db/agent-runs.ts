import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** How long a run stays a process's own after its last step. */
const LEASE = '30 seconds'

export interface RunPlace {
  readonly conversationId: string
  readonly actor: Actor
  readonly model: string
  readonly answerId: string
}

/** What a run used. Cost in millionths of a dollar, null where no price is known. */
export interface RunUse {
  readonly model: string
  readonly insteadOf?: string | undefined
  readonly requests: number
  readonly toolCalls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly costMicrodollars: number | null
  /** Why there is no answer; null where there is one. */
  readonly failure: string | null
}

export interface OpenRun {
  readonly id: string
  readonly conversation_id: string
  /** By which `openConversation` finds the conversation again. */
  readonly external_key: string | null
  readonly answer_id: string
  readonly started_at: string
  readonly steps: unknown
}

/** Writes down that a turn begins. Answers its id. */
export const startRun = async (
  tx: TenantTx,
  { conversationId, actor, model, answerId }: RunPlace,
): Promise<string> => {
  const id = newId()
  await rows(
    tx,
    sql`insert into workflow.agent_runs (id, tenant_id, conversation_id, member_id, via, model, answer_id, steps, leased_until)
      values (${id}, core.current_tenant(), ${conversationId}, ${actor.memberId}, ${actor.via}, ${model}, ${answerId}, '[]'::jsonb,
        now() + ${LEASE}::interval)`,
  )
  return id
}

/** Keeps the steps of a run under way, and the run for this process. */
export const keepRun = async (tx: TenantTx, id: string, steps: readonly unknown[]): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.agent_runs set steps = ${JSON.stringify(steps)}::jsonb, leased_until = now() + ${LEASE}::interval
      where id = ${id} and state = 'running'`,
  )
}

/** Ends a run: what it used stays, its steps go. Doing it twice changes nothing. */
export const endRun = async (tx: TenantTx, id: string, use: RunUse): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.agent_runs set state = ${use.failure === null ? 'done' : 'failed'}, failure = ${use.failure},
        finished_at = now(), steps = null, leased_until = null, model = ${use.model}, instead_of = ${use.insteadOf ?? null},
        requests = ${use.requests}, tool_calls = ${use.toolCalls}, input_tokens = ${use.inputTokens},
        output_tokens = ${use.outputTokens}, cached_tokens = ${use.cachedTokens}, cost_microdollars = ${use.costMicrodollars}
      where id = ${id} and state = 'running'`,
  )
}

/** Takes over the newest run of a member that broke off, so that no other process does; undefined where there is none. */
export const takeRun = async (
  tx: TenantTx,
  { actor, conversationId }: Pick<RunPlace, 'actor'> & { readonly conversationId?: string | undefined },
): Promise<OpenRun | undefined> => {
  const [taken] = await rows<OpenRun>(
    tx,
    sql`update workflow.agent_runs set leased_until = now() + ${LEASE}::interval
      where id = (
        select r.id from workflow.agent_runs r
          join workflow.conversations c on c.id = r.conversation_id and c.deleted_at is null
        where r.state = 'running' and r.leased_until < now() and r.member_id = ${actor.memberId} and r.via = ${actor.via}
          and jsonb_array_length(r.steps) > 0
          and (${conversationId ?? null}::uuid is null or r.conversation_id = ${conversationId ?? null}::uuid)
        order by r.started_at desc limit 1 for update of r skip locked
      ) returning id, conversation_id, answer_id, started_at::text, steps,
        (select c.external_key from workflow.conversations c where c.id = agent_runs.conversation_id) as external_key`,
  )
  return taken
}

/** Cost and tokens of the turns of this workspace, by model, the newest month first. */
export interface MonthlyUse {
  readonly month: string
  readonly model: string
  readonly answers: number
  readonly failed: number
  readonly requests: number
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cached_tokens: number
  readonly cost_microdollars: number | null
}

export const usageByMonth = (tx: TenantTx): Promise<readonly MonthlyUse[]> =>
  rows<MonthlyUse>(
    tx,
    sql`select to_char(started_at, 'YYYY-MM') as month, model, count(*)::int as answers,
        count(*) filter (where state = 'failed')::int as failed, coalesce(sum(requests), 0)::int as requests,
        coalesce(sum(input_tokens), 0)::float8 as input_tokens, coalesce(sum(output_tokens), 0)::float8 as output_tokens,
        coalesce(sum(cached_tokens), 0)::float8 as cached_tokens,
        case when bool_and(cost_microdollars is not null) then sum(cost_microdollars)::float8 end as cost_microdollars
      from workflow.agent_runs where state <> 'running' and deleted_at is null
      group by 1, 2 order by 1 desc, 2 limit 200`,
  )

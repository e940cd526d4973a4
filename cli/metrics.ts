import { timingSafeEqual } from 'node:crypto'
import type { Express, Request } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { asTenant, rows } from '../db/tenant.ts'
import { sql } from '../db/sql.ts'
import { listWorkspaces } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { onMeasure } from '../domain/measures.ts'
import type { House } from './compose.ts'

const TURN_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const CALL_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const SCRUB_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5]

interface Waits {
  readonly jobs: number
  readonly slack: number
  readonly proposals: number
}

/** Of all workspaces: seconds that the oldest due job and the oldest event of Slack wait, and proposals that wait. */
const readWaits = async ({ database }: Pick<House, 'database'>): Promise<Waits> => {
  const all: Waits[] = []
  for (const { id: tenantId } of await listWorkspaces(database)) {
    const system: Actor = { tenantId, memberId: null, via: 'system', role: 'owner' }
    const [found] = await asTenant(
      database,
      system,
      (tx) =>
        rows<Waits>(
          tx,
          sql`select
            coalesce((select extract(epoch from now() - min(due_at)) from workflow.jobs where state = 'waiting' and due_at <= now()), 0)::float as jobs,
            coalesce((select extract(epoch from now() - min(due_at)) from workflow.slack_events where state = 'waiting' and due_at <= now()), 0)::float as slack,
            (select count(*) from workflow.proposals where state = 'pending')::float as proposals`,
        ),
      { readOnly: true },
    )
    if (found) all.push(found)
  }
  return {
    jobs: Math.max(0, ...all.map(({ jobs }) => jobs)),
    slack: Math.max(0, ...all.map(({ slack }) => slack)),
    proposals: all.reduce((sum, { proposals }) => sum + proposals, 0),
  }
}

export interface Metrics {
  /** In the text form of Prometheus, and the media type of that. */
  read(): Promise<{ readonly type: string; readonly text: string }>
  close(): void
}

/** Counts what the house does from now on. Labels are names of tools, codes and states: no ids, and nothing of a record. */
export const startMetrics = (house: Pick<House, 'database'>): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'tact_process_' })
  const seconds = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers })
  const turns = seconds('tact_turn_seconds', 'Answers, by how they ended.', ['status', 'model'], TURN_SECONDS)
  const calls = seconds(
    'tact_tool_call_seconds',
    'Calls of tools; search_email is the search of mail.',
    ['tool', 'outcome'],
    CALL_SECONDS,
  )
  const scrubs = seconds(
    'tact_scrub_seconds',
    'Hiding names in questions and results.',
    ['what'],
    SCRUB_SECONDS,
  )
  const requests = new Counter({
    name: 'tact_egress_requests_total',
    help: 'Requests to models elsewhere; sent="no" were stopped because they held a known value.',
    labelNames: ['sent'],
    registers,
  })
  const bytes = new Counter({
    name: 'tact_egress_bytes_total',
    help: 'Bytes of requests sent to models elsewhere.',
    registers,
  })
  const proposals = new Counter({
    name: 'tact_proposal_events_total',
    help: 'What became of proposals.',
    labelNames: ['event'],
    registers,
  })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const jobs = gauge('tact_job_wait_seconds', 'How long the oldest due job waits.')
  const slack = gauge('tact_slack_wait_seconds', 'How long the oldest event of Slack waits.')
  const pending = gauge('tact_proposals_pending', 'Proposals that wait for a person.')
  const deaf = [
    onMeasure('turn', ({ status, model, ms }) => turns.observe({ status, model }, ms / 1000)),
    onMeasure('tool_call', ({ tool, outcome, ms }) => calls.observe({ tool, outcome }, ms / 1000)),
    onMeasure('scrub', ({ what, ms }) => scrubs.observe({ what }, ms / 1000)),
    onMeasure('egress', ({ sent, bytes: size }) => {
      requests.inc({ sent: sent ? 'yes' : 'no' })
      if (sent) bytes.inc(size)
    }),
    onMeasure('proposal', ({ event }) => proposals.inc({ event })),
  ]
  return {
    read: async () => {
      const waits = await readWaits(house)
      jobs.set(waits.jobs)
      slack.set(waits.slack)
      pending.set(waits.proposals)
      return { type: registry.contentType, text: await registry.metrics() }
    },
    close: () => {
      for (const stop of deaf) stop()
      registry.clear()
    },
  }
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/u

/** Behind a proxy on this machine everybody comes from here: then only a token lets in. */
const isFromHere = ({ socket, headers }: Request): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers['forwarded'] === undefined

const isToken = ({ headers }: Request, token: string): boolean => {
  const given = Buffer.from(/^bearer (.+)$/iu.exec(headers.authorization ?? '')?.[1] ?? '')
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** `/metrics`, for whoever has the token; where none is set, for programs on this machine. */
export const mountMetrics = (app: Express, metrics: Metrics, token: string | undefined): void => {
  app.get('/metrics', (request, response, next) => {
    if (!(token === undefined ? isFromHere(request) : isToken(request, token))) {
      response.status(404).json({ error: { code: 'not_found', message: 'There is nothing here.' } })
      return
    }
    metrics.read().then(({ type, text }) => void response.type(type).send(text), next)
  })
}

import { sql } from '../../db/sql.ts'
import { recordUri } from '../../domain/records.ts'
import { machineClock } from '../../slack-bot/clock.ts'
import type { Clock } from '../../slack-bot/clock.ts'
import { clickable, clickOn, mentionOf } from '../../slack-bot/testing/payloads.ts'
import { serveBot, turnOf } from '../../slack-bot/testing/serve-bot.ts'
import type { FakeMessage } from '../../slack-bot/testing/world.ts'
import type { Team } from '../../writeback/testing.ts'
import { withTeams } from './proposals.ts'
import type { ProposalsOptions, ProposalsReport } from './proposals.ts'

const APPROVERS = ['owner', 'admin'] as const
/** Each approver clicks twice: a double click sends two of them. */
const CLICKS = 2
const WAIT_MS = 20_000

/** The fake counts nothing here, so the bot need not wait for what Slack lets it send in a minute. */
const HASTE: Clock = { now: () => Date.now() * 1_000, sleep: (ms) => machineClock.sleep(ms) }

const until = async (look: () => boolean | Promise<boolean>): Promise<boolean> => {
  const endMs = Date.now() + WAIT_MS
  while (!(await look())) {
    if (Date.now() > endMs) return false
    await new Promise((done) => setTimeout(done, 5))
  }
  return true
}

const actionsOf = (message: FakeMessage): readonly string[] =>
  clickable(message.blocks).map(({ element }) => String(element['action_id']))

interface Left {
  readonly state: string
  readonly approved: number
  readonly executed: number
}

const leftOf = async (team: Team, id: string): Promise<Left> => {
  const [found] = await team.query<Left>(
    sql`select p.state,
        (select count(*)::int from core.audit_events a where a.record_id = p.id and a.kind = 'proposal.approved') as approved,
        (select count(*)::int from core.audit_events a where a.record_id = p.id and a.kind = 'proposal.executed') as executed
      from workflow.proposals p where p.id = ${id}::uuid`,
  )
  return found!
}

/**
 * So many proposals, each with a card in a channel whose Approve two people click at once, twice each: one transition, one
 * write, everybody who lost is told so, and the card ends without a button to approve.
 */
export const runSlackClicks = (options: ProposalsOptions): Promise<ProposalsReport> =>
  withTeams(options, async ({ database, makeTeam }) => {
    const team = await makeTeam()
    let proposal = ''
    const bot = await serveBot({
      database,
      tenantId: team.tenant.workspace.id,
      ask: () => turnOf('Proposed.', [proposal]),
      budgetClock: HASTE,
    })
    const { slack, sender } = bot
    for (const role of APPROVERS) await bot.link(`U${role.toUpperCase()}`, team.tenant.actor(role))
    slack.world.addChannel({ id: 'CTEAM', members: APPROVERS.map((role) => `U${role.toUpperCase()}`) })
    const faults: string[] = []
    const ends: Record<string, number> = {}
    const start = performance.now()
    const card = (): FakeMessage | undefined =>
      slack.inChannel('CTEAM').findLast((message) => actionsOf(message).includes('tact_open'))
    for (let turn = 0; turn < options.count; turn += 1) {
      const set = { notes: `note ${turn}` }
      const made = await team.propose(
        [{ op: 'update', entity: 'deals', record: recordUri({ entity: 'deals', id: team.ids.deal }), set }],
        {
          now: new Date(),
        },
      )
      proposal = made.proposal.id
      const asked = slack.world.say('CTEAM', 'UOWNER', '<@U_TACT> note that')
      const before = card()?.ts
      await sender.event(mentionOf(asked))
      if (!(await until(() => card()?.ts !== before && actionsOf(card()!).includes('tact_approve')))) {
        faults.push(`${turn}: no card came`)
        continue
      }
      const message = card()!
      const clicks = APPROVERS.flatMap((role) =>
        Array.from({ length: CLICKS }, () =>
          clickOn(slack.world, slack.actionsAt, {
            user: `U${role.toUpperCase()}`,
            message,
            actionId: 'tact_approve',
          }),
        ),
      )
      await Promise.all(clicks.map((click) => sender.interaction(click)))
      const toldOf = (): number => slack.world.messages.filter(({ ephemeralFor }) => ephemeralFor).length
      const isOver = await until(
        () => actionsOf(message).join() === 'tact_undo,tact_open' && toldOf() === clicks.length - 1,
      )
      const left = await leftOf(team, proposal)
      ends[left.state] = (ends[left.state] ?? 0) + 1
      if (!isOver)
        faults.push(`${turn}: card ${actionsOf(message).join()}, ${toldOf()} of ${clicks.length - 1} told`)
      if (left.state !== 'executed' || left.approved !== 1 || left.executed !== 1)
        faults.push(`${turn}: ${left.state}, ${left.approved} approvals, ${left.executed} writes`)
      slack.world.messages.length = 0
      slack.api.requests.length = 0
      if ((turn + 1) % 100 === 0) process.stderr.write(`${database.engine} ${turn + 1} of ${options.count}\n`)
    }
    faults.push(...slack.violations.map(({ method, error }) => `violation: ${method} ${error}`))
    await bot.close()
    const seconds = Math.round((performance.now() - start) / 1000)
    return { engine: database.engine, count: options.count, seconds, ends: { clicks: ends }, faults }
  })

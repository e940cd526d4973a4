import { catalog } from '../db/catalog/all.ts'
import type { Database } from '../db/connect.ts'
import { listMembers } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import { may } from '../domain/permissions.ts'
import { impactLine, impactOf } from '../writeback/impact.ts'
import { countPending, getProposal, listProposals, recordSeen } from '../writeback/list.ts'
import { memberName } from '../writeback/show.ts'
import { readProposal } from '../writeback/store.ts'
import type { Html } from './html.ts'
import type { Frame, Notice } from './layout.ts'
import { listPage, proposalPage } from './pages.ts'
import type { FilterChoices, ListFilter, Tab } from './pages.ts'
import type { Session } from './session.ts'

/** What a page for a signed-in person is made from, inside one transaction. */
interface Scene {
  readonly tx: TenantTx
  readonly workspace: Workspace
  readonly now: Date
  readonly frame: (title: string) => Frame
  readonly card: { readonly timezone: string; readonly csrf: string; readonly mayDecide: boolean }
}

export interface Page {
  readonly frame: Frame
  readonly content: Html
}

const withScene = (
  database: Database,
  { actor, csrf }: Session,
  fn: (scene: Scene) => Promise<Page>,
): Promise<Page> =>
  asTenant(database, actor, async (tx) => {
    const workspace = await ownWorkspace(tx)
    const name = await memberName(tx, actor.memberId)
    return await fn({
      tx,
      workspace,
      now: nowOf(workspace),
      frame: (title) => ({ title, person: { name, workspace: workspace.name, csrf } }),
      card: { timezone: workspace.timezone, csrf, mayDecide: may(actor.role, 'approve') },
    })
  })

/** Cards on one page of the queue or the history. */
const A_PAGE = 50

const choicesIn = async (tx: TenantTx): Promise<FilterChoices> => {
  const by = new Map<string, string>()
  for (const { id } of await listMembers(tx)) by.set(id, await memberName(tx, id))
  const open = [...catalog.values()].filter(({ internal }) => !internal)
  return { by, about: new Map(open.map(({ name, one }) => [name, one])) }
}

/** The queue, narrowed if asked; what waits in it counts as seen. */
export const drawList = (
  database: Database,
  session: Session,
  {
    tab,
    filter,
    after,
    notice,
  }: {
    readonly tab: Tab
    readonly filter: ListFilter
    readonly after: string | undefined
    readonly notice: Notice | undefined
  },
): Promise<Page> =>
  withScene(database, session, async ({ tx, workspace, now, frame, card }) => {
    const found = await listProposals(
      { tx, workspace, now },
      {
        states: tab.states,
        ...(filter.by === undefined ? {} : { proposedBy: filter.by }),
        ...(filter.about === undefined ? {} : { entity: filter.about }),
        ...(after === undefined ? {} : { after }),
        limit: A_PAGE + 1,
      },
    )
    const proposals = found.slice(0, A_PAGE)
    const more = found.length > A_PAGE ? proposals.at(-1)!.id : null
    const choices = await choicesIn(tx)
    for (const proposal of proposals) if (proposal.state === 'pending') await recordSeen(tx, proposal)
    const waiting = await countPending(tx, now)
    return {
      frame: frame('Proposed changes'),
      content: listPage({ tab, filter, choices, more, waiting, proposals, notice, card }),
    }
  })

export interface ProposalPageOptions {
  readonly id: string
  readonly notice: Notice | undefined
}

/** One proposal on its own page, with where its words come from and what it would do to the pipeline. Throws `proposal_not_found`. */
export const drawProposal = async (
  database: Database,
  session: Session,
  { id, notice }: ProposalPageOptions,
): Promise<Page> => {
  return withScene(database, session, async ({ tx, workspace, now, frame, card }) => {
    const proposal = await getProposal({ tx, workspace, now }, id)
    await recordSeen(tx, proposal)
    const isOpen = card.mayDecide && proposal.state === 'pending'
    const impact = isOpen ? (await impactOf(tx, await readProposal(tx, id))).map(impactLine) : []
    return { frame: frame('Proposal'), content: proposalPage(proposal, { ...card, impact }, notice) }
  })
}

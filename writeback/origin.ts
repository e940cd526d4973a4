import { entityOf } from '../db/catalog/all.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Channel } from '../domain/actor.ts'
import { labelOf } from '../domain/approval-policy.ts'
import type { ProposalLabel, ProposedChange } from '../domain/approval-policy.ts'
import type { Label, OutsideText } from '../domain/label.ts'
import type { PlannedChange } from './plan.ts'
import { showChanges } from './show.ts'
import type { ShownChange } from './show.ts'
import { knownDestinations, outsideOf } from './sources.ts'

export interface OriginOptions {
  readonly tx: TenantTx
  readonly workspace: Pick<Workspace, 'timezone'>
  readonly via: Channel
  readonly conversationId: string | null
  /** What the member said in the conversation, in their own words. */
  readonly said: readonly string[]
}

const unknownModel: Label = {
  source: null,
  what: 'a model of somebody else, by MCP',
  author: null,
  integrity: 'external',
  readers: [],
}

const isChoice = (change: PlannedChange, column: string): boolean => {
  const { marks } = entityOf(change.entity).columns[column]!
  return marks.references !== undefined || marks.values !== undefined
}

const proposed = (
  change: PlannedChange,
  shown: ShownChange,
  outside: readonly OutsideText[],
): ProposedChange => ({
  op: change.op,
  isCitingOutside: change.evidence.some(({ id }) => outside.some(({ label }) => label.source?.id === id)),
  fields: [
    ...change.fields.flatMap(({ field, column, type }, place) => {
      const next = shown.fields[place]?.new
      const isFixed = type === 'boolean' || isChoice(change, column)
      return next ? [{ field, value: next.text, isChoice: isFixed }] : []
    }),
    ...shown.links.map(({ relation, target }) => ({ field: relation, value: target.title, isChoice: true })),
  ],
})

/** A person at their own screen, where no model is between: the words are theirs. */
const isOwnHand = (via: Channel): boolean => via === 'cli' || via === 'inbox'

/** Where the words of a proposal come from, by string search in what its conversation was given; no model is asked. */
export const originOf = async (
  changes: readonly PlannedChange[],
  { tx, workspace, via, conversationId, said }: OriginOptions,
): Promise<ProposalLabel> => {
  const shown = await showChanges(changes, { tx, workspace })
  const outside = conversationId === null ? [] : await outsideOf(tx, conversationId)
  const wished = changes.map((change, place) => proposed(change, shown[place]!, outside))
  const values = wished.flatMap(({ fields }) => fields.map(({ value }) => value))
  const own = conversationId === null && isOwnHand(via)
  return labelOf(wished, {
    typed: own ? values : said,
    crm: await knownDestinations(tx, values),
    outside: via === 'mcp' ? [...outside, { label: unknownModel, text: '' }] : outside,
  })
}

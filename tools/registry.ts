import type { Tool } from './define.ts'
import { activity } from './activity.ts'
import { brief } from './brief.ts'
import { describeCrm } from './describe-crm.ts'
import { getProposalTool } from './get-proposal.ts'
import { getRecord } from './get-record.ts'
import { introPath } from './intro-path.ts'
import { logInteraction } from './log-interaction.ts'
import { proposeWriteback } from './propose-writeback.ts'
import { queryCrm } from './query-crm.ts'
import { readEmail } from './read-email.ts'
import { searchEmail } from './search-email.ts'
import { searchPeople } from './search-people.ts'

/** Every tool, in the order that models see them. */
const all = [
  describeCrm,
  searchPeople,
  getRecord,
  queryCrm,
  searchEmail,
  readEmail,
  activity,
  introPath,
  brief,
  logInteraction,
  proposeWriteback,
  getProposalTool,
] as const

export const tools: ReadonlyMap<string, Tool> = new Map(
  all.map((tool) => [tool.name, tool as unknown as Tool]),
)

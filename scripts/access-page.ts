import { ROLES } from '../domain/actor.ts'
import { GRANTS, PERMISSIONS, PERMISSION_WORDS } from '../domain/permissions.ts'
import type { Grant } from '../domain/permissions.ts'

const cell = (grant: Grant): string =>
  typeof grant === 'string' ? (grant === 'yes' ? 'yes' : '–') : `all but ${grant.except.join(', ')}`

/** docs/access.md: who may do what. */
export const accessPage = (made: string): string => {
  const rows = PERMISSIONS.map(
    (permission) =>
      `| ${permission} | ${PERMISSION_WORDS[permission]} | ${ROLES.map((role) => cell(GRANTS[role][permission])).join(' | ')} |`,
  )
  return `${made}

# Access

One table (domain/permissions.ts) says who may do what. It is asked at the one door of the tools, when a proposal is made, approved and taken back, by the commands and by the inbox; triggers of the database hold it again, for code that forgets to ask. cli/access.test.ts tries every cell by every road.

| permission | lets a member | ${ROLES.join(' | ')} |
|---|---|${ROLES.map(() => '---|').join('')}
${rows.join('\n')}

Disabled members may nothing: their sessions, tokens and open connections end with the next request. A role is read anew for each one.

Merging archives the duplicate, and undoing what made a record archives it; both need the permission for that kind of record. Only an owner makes, changes or disables an owner, and a workspace keeps at least one.

Approving goes by record as well: an editor decides about records of their own and of nobody, owners and admins about all. Two people approve a merge, more than ten records, the archiving of a company, a change of owner, and an address that stands only in outside text; nobody approves what their own agent took from outside text. Where nobody else could, one person is enough ([who says yes](decisions/2026-11-21-who-says-yes.md)). Only an owner, in person, lets a kind of change pass without asking (\`tact standing\`) or has another system told of changes (\`tact webhooks\`).

Programs act by the token of a member, with that member's role. A token made with \`--read-only\` has the scope \`crm.read\` alone, others \`crm.propose\` too. Accounts of an authorization server act as members where an owner linked them ([remote](remote.md)). Only an owner has other things hidden from one client than from all (\`tact tokens policy\`). No token approves, invites, exports or sets anything, whatever the role: those are done in the terminal and in the inbox.

Nobody registers on their own. \`tact users invite <email>\` or the inbox makes a link that works once and for a week; whoever opens it becomes the member it was made for.
`
}

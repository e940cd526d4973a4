import { z } from 'zod'
import { userError } from '../domain/errors.ts'
import { parseRecordUri } from '../domain/records.ts'
import { localIso } from '../domain/zone.ts'
import { findPaths } from '../search/path.ts'
import { defineTool } from './define.ts'
import type { ToolContext } from './define.ts'
import { drawPaths, pathRecords } from './support/draw-paths.ts'
import { targetsOf } from './support/path-targets.ts'
import { namesOf } from './support/record-names.ts'

const Step = z.object({
  from: z.string(),
  to: z.string(),
  strength: z.number(),
  because: z.array(z.string()).describe('What the records show.'),
  last_at: z.string().nullable(),
  evidence: z.array(z.string()).describe('Handles of the last mail and the last meeting or call.'),
})

const memberOf = (from: string | undefined, { actor }: ToolContext): string | undefined => {
  if (from === undefined || from === 'team') return undefined
  if (from === 'me') {
    if (actor.memberId !== null) return actor.memberId
    throw userError('no_member', 'Nobody in particular is asking, so there is no `me`.', {
      at: 'from',
      fix: 'Use `team`, or the handle of a member.',
    })
  }
  const record = parseRecordUri(from)
  if (record?.entity === 'members') return record.id
  throw userError('wrong_record', '`from` is not a member.', {
    at: 'from',
    fix: 'Use `me`, `team`, or the handle of a member.',
  })
}

export const introPath = defineTool({
  name: 'intro_path',
  title: 'Find a way to someone',
  description:
    'Who knows whom, from mail, meetings and calls: members who know a person or somebody at a company, and contacts close to them. Each way has its strength (0 to 1), reasons and evidence.',
  risk: 'read',
  labels: { running: 'Looking for a way in', done: 'Looked for a way in' },
  input: z.strictObject({
    to: z.string().min(1).max(200).optional().describe('A person, or a deal for its people.'),
    to_company: z.string().min(1).max(200).optional().describe('In place of `to`: anybody there.'),
    to_title: z.string().min(1).max(80).optional().describe('Their title: `ceo`.'),
    from: z.string().max(200).optional().describe('`me`, `team` (when left out), or a member.'),
    via_tag: z.string().min(1).max(80).optional().describe('Only by contacts with this tag.'),
    rank: z.enum(['nearest', 'strength']).default('nearest').describe('`nearest`: direct ties first.'),
    limit: z.int().min(1).max(50).default(10),
  }),
  data: z.object({
    targets: z.int().describe('How many people it may lead to.'),
    paths: z.array(
      z.object({
        kind: z.enum(['direct', 'colleague', 'contact']),
        strength: z.number(),
        through: z.array(z.string()).describe('Everybody on the way, the target last.'),
        steps: z.array(Step),
      }),
    ),
  }),
  run: async (input, context) => {
    const { tx, now, workspace } = context
    const { from, via_tag: viaTag, rank, limit } = input
    const fromMemberId = memberOf(from, context)
    const targets = await targetsOf(tx, input)
    const paths = await findPaths(tx, targets, { now, fromMemberId, viaTag, rank })
    const shown = paths.slice(0, limit)
    const names = await namesOf(tx, pathRecords(shown))
    const drawn = drawPaths(shown, names, workspace.timezone)
    const whose =
      from === undefined || from === 'team' ? 'anybody on the team' : from === 'me' ? 'you' : 'that member'
    const whom =
      input.to === undefined
        ? `people there${input.to_title ? ` titled ${input.to_title}` : ''}`
        : 'that person'
    return {
      data: { targets: targets.length, paths: drawn.paths },
      completeness: {
        total: paths.length,
        returned: shown.length,
        complete: shown.length === paths.length,
        next_cursor: null,
        as_of: localIso(now.getTime(), workspace.timezone),
        timezone: workspace.timezone,
        filters_in_words: `ways from ${whose} to ${whom}${viaTag === undefined ? '' : ` by contacts who are ${viaTag}`}; mail, meetings and calls up to now, the last 180 days counting most`,
      },
      sources: drawn.sources,
      notes:
        targets.length === 0
          ? [
              input.to_title === undefined
                ? 'No person is recorded there, so there is nobody to lead to.'
                : 'Nobody with that title is recorded there.',
            ]
          : paths.length === 0
            ? ['The records show no mail, meeting or call that would lead there: nobody is known.']
            : [],
    }
  },
})

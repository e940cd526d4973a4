import { completable, type McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Read } from './resources.ts'

const MAX_SUGGESTIONS = 20

/** Handles of one kind in the cards of `search_people`, in their order. */
const handlesIn = (data: unknown, label: string): string[] => [
  ...new Set(JSON.stringify(data).match(new RegExp(String.raw`\b${label}_[0-9A-Z]+\b`, 'g'))),
]

const startingWith =
  (values: readonly string[]) =>
  (typed: string | undefined): string[] =>
    values.filter((value) => value.startsWith(typed ?? ''))

const asUser = (text: string) => ({
  messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
})

/**
 * Prompts that a person picks in their client. Arguments complete to handles, never to names: what completes goes to the
 * client as results do.
 */
export const registerPrompts = (server: McpServer, has: (tool: string) => boolean, read: Read): void => {
  const suggest = async (typed: string | undefined, label: string): Promise<string[]> => {
    if (!has('search_people') || (typed ?? '').trim().length < 2) return []
    const outcome = await read(
      'search_people',
      { query: typed, limit: MAX_SUGGESTIONS },
      AbortSignal.timeout(5_000),
    )
    return outcome.ok ? handlesIn(outcome.result.data, label).slice(0, MAX_SUGGESTIONS) : []
  }
  const whose = completable(
    z.string().max(120).describe('`me`, `team` or the handle of a member.'),
    startingWith(['me', 'team']),
  ).optional()

  if (has('brief')) {
    server.registerPrompt(
      'morning-brief',
      {
        title: 'Morning brief',
        description: 'What is due today, who waits for an answer, what moved.',
        argsSchema: z.object({ for: whose }),
      },
      ({ for: member }) =>
        asUser(
          `Use brief with kind "daily" for ${member ?? 'me'}. List first what is due or overdue today, then who waits for an answer from us and since when, then what changed. Give the source of every line, and say which parts are empty.`,
        ),
    )
    server.registerPrompt(
      'prep-meeting',
      {
        title: 'Prepare a meeting',
        description: 'People, history, open threads and tasks before a meeting with a person or company.',
        argsSchema: z.object({
          with: completable(
            z.string().min(1).max(200).describe('Handle or name of a person or company.'),
            (typed) => suggest(typed, 'PERSON'),
          ),
        }),
      },
      ({ with: whom }) =>
        asUser(
          `Prepare a meeting with ${whom}. Find the record (search_people for a name), then use brief with kind "meeting". Say who will be there and what they decide, what was last said and by whom, what is open between us (mail without answer, tasks, deals with stage and amount), and three questions worth asking. Every statement with its source; nothing that is not in a result.`,
        ),
    )
    server.registerPrompt(
      'pipeline-review',
      {
        title: 'Review the pipeline',
        description: 'Open deals by stage with totals, what moved, what is stuck or overdue.',
        argsSchema: z.object({ owner: whose }),
      },
      ({ owner }) =>
        asUser(
          `Use brief with kind "pipeline" for ${owner ?? 'team'}, and query_crm for open deals grouped by stage with count and sum of amount. Show the table, then deals that are overdue, quiet or without a next step, then what closed lately. Never add different currencies; say the total number of deals the answer covers.`,
        ),
    )
  }
  if (has('query_crm')) {
    server.registerPrompt(
      'who-have-we-ghosted',
      {
        title: 'Who have we ghosted?',
        description: 'People who wrote to us and got no answer.',
        argsSchema: z.object({
          days: completable(
            z
              .string()
              .regex(/^\d{1,3}$/)
              .describe('Days without an answer; 14 when left out.'),
            startingWith(['7', '14', '30', '60', '90']),
          ).optional(),
        }),
      },
      ({ days }) =>
        asUser(
          `Who wrote to us more than ${days ?? '14'} days ago and has had no answer since? describe_crm with entity "people" names the segment for unanswered mail; use it in query_crm, oldest first. For each: who, since when, and what they asked for (search_email with \`from\`, one line each). Say how many there are in all.`,
        ),
    )
  }
}

import { z } from 'zod'
import { DIRECTIONS } from '../db/catalog/interactions.ts'
import { freeText, named } from '../domain/pii.ts'
import type { Clock } from '../query/periods.ts'
import { dateText, localIso, wallOf } from '../domain/zone.ts'
import { searchMail } from '../search/lexical.ts'
import type { MailResult } from '../search/lexical.ts'
import type { MailFilters } from '../search/filters.ts'
import { defineTool } from './define.ts'
import { loadNames, loadRecipients, OUTSIDE_TEXT, partyInWords, subjectName } from './support/mail-parties.ts'
import { readMailQuestion } from './support/mail-question.ts'

const party = (about: string) => z.string().max(320).optional().describe(`${about}.`)
const date = (about: string) => z.string().max(40).optional().describe(about)

const Hit = z.object({
  id: z.string().describe('Handle of the message; read_email takes it.'),
  thread: z.string().describe('Handle of its thread.'),
  sent_at: z.string(),
  direction: z.enum(DIRECTIONS),
  from: z.string().nullable(),
  to: z.array(z.string()),
  company: z.string().nullable(),
  subject: z.string(),
  snippet: z.string().describe('At most 300 characters around the best hit.'),
  matched: z.array(z.string()).describe('Words it holds; none: found by related words or meaning.'),
  score: z.number(),
  has_attachment: z.boolean(),
})

const MAX_RECIPIENTS_SHOWN = 10

const dayInWords = (instant: Date, clock: Clock): string => {
  const wall = wallOf(instant.getTime(), clock.timezone)
  const isMidnight = wall % 86_400_000 === 0
  return isMidnight ? dateText(wall) : localIso(instant.getTime(), clock.timezone)
}

const inWords = (filters: MailFilters, { words }: MailResult, clock: Clock): string => {
  const parts: string[] = ['emails']
  if (words.words.length > 0) parts.push(`holding any of the words: ${[...new Set(words.words)].join(' ')}`)
  for (const phrase of words.phrases) parts.push(`holding exactly "${phrase}"`)
  for (const word of words.excluded) parts.push(`without "${word}"`)
  if (filters.from !== undefined) parts.push(`from ${partyInWords(filters.from)}`)
  if (filters.to !== undefined) parts.push(`to ${partyInWords(filters.to)}`)
  if (filters.with !== undefined) parts.push(`from or to ${partyInWords(filters.with)}`)
  if (filters.company !== undefined)
    parts.push(`linked to ${typeof filters.company === 'string' ? 'a company of that name' : 'that company'}`)
  if (filters.after !== undefined) parts.push(`sent on or after ${dayInWords(filters.after, clock)}`)
  if (filters.before !== undefined) parts.push(`sent before ${dayInWords(filters.before, clock)}`)
  if (filters.direction !== undefined) parts.push(filters.direction)
  if (filters.threadId !== undefined) parts.push('of that thread')
  if (filters.hasAttachment !== undefined)
    parts.push(filters.hasAttachment ? 'with attachment' : 'without attachment')
  return parts.join(', ')
}

const MEANING_IN_WORDS = {
  'trained on this mail': "Found by words, their stems, and meaning learnt from this workspace's own mail.",
  'a sentence model': 'Found by words, their stems, and meaning by a sentence model on this machine.',
  none: 'Found by words and their stems, not by meaning.',
} as const

const notesOf = (result: MailResult): readonly string[] => [
  ...(result.hits.length > 0 ? [OUTSIDE_TEXT] : []),
  ...(result.matching < result.total
    ? [
        `${result.matching} hold a word of the query; the others were found by related words${result.meaning ? ' and by meaning' : ''}.`,
      ]
    : []),
  MEANING_IN_WORDS[result.meaning ?? 'none'],
  ...(result.ignored.length > 0 ? ['Words that are too common were left out of the search.'] : []),
  ...(result.notIndexed > 0
    ? [`${result.notIndexed} new messages wait for the index and were not searched.`]
    : []),
  ...(result.unlisted > 0
    ? [`Only the best are listed; ${result.unlisted} more hold a word. Add a filter or a rarer word.`]
    : []),
  ...(result.exact || result.notIndexed > 0
    ? []
    : ['Many messages match: the total is a lower bound. Add a filter or a rarer word.']),
]

export const searchEmail = defineTool({
  name: 'search_email',
  title: 'Search email',
  description:
    'Finds mail by words, related words and meaning, and by who wrote or got it, company, date, direction, attachments. Any of the words will do; "a phrase" must stand exactly so; -word leaves out. Without words the newest come first. People and companies: handle, address or name. Gives snippets; read_email gives the text.',
  risk: 'read',
  labels: { running: 'Searching the mail', done: 'Searched the mail' },
  input: z.strictObject({
    query: z.string().max(500).default('').describe('Words, "exact phrases", -words, beginn*.'),
    from: party('Who wrote it'),
    to: party('Who got it'),
    with: party('Who wrote or got it'),
    company: party('Company it is linked to'),
    after: date('Sent on or after: 2026-10-31, 2026-10, last_month, -30d.'),
    before: date('Sent before.'),
    direction: z.enum(DIRECTIONS).optional().describe('inbound: from outside.'),
    has_attachment: z.boolean().optional(),
    in_thread: z.string().max(80).optional().describe('Handle of a thread.'),
    mode: z.enum(['auto', 'keyword', 'semantic']).default('auto'),
    dedupe_threads: z.boolean().default(false).describe('Only the best of each thread.'),
    sort: z.enum(['relevance', 'newest', 'oldest']).optional(),
    limit: z.int().min(1).max(50).default(10),
    cursor: z.string().max(60).optional(),
  }),
  data: z.array(Hit),
  meant: (input, clock) => {
    const { query: text, filters } = readMailQuestion(input, clock)
    return { text, filters }
  },
  run: async (input, { tx, workspace, now, meant }) => {
    const clock: Clock = { now, timezone: workspace.timezone }
    const { query, filters } = readMailQuestion(input, clock)
    const { limit, cursor, sort, mode, dedupe_threads: onePerThread } = input
    const result = await searchMail(tx, {
      ...filters,
      query,
      limit,
      cursor,
      sort,
      mode,
      onePerThread,
      meant,
      now,
    })
    const recipients = await loadRecipients(
      tx,
      result.hits.map(({ id }) => id),
    )
    const writers = result.hits.map((hit) => ({
      address: hit.fromAddress,
      person_id: hit.fromPersonId,
      member_id: hit.fromMemberId,
    }))
    const names = await loadNames(
      tx,
      [...writers, ...recipients],
      result.hits.map(({ companyId }) => companyId),
    )
    return {
      data: result.hits.map((hit, at) => ({
        id: named('MESSAGE', { entity: 'emails', id: hit.id }, subjectName(hit.subject)),
        thread: named('THREAD', { entity: 'threads', id: hit.threadId }, subjectName(hit.subject)),
        sent_at: localIso(Date.parse(hit.sentAt), workspace.timezone),
        direction: hit.direction,
        from: names.party(writers[at]!),
        to: recipients
          .filter(({ email_id }) => email_id === hit.id)
          .slice(0, MAX_RECIPIENTS_SHOWN)
          .flatMap((row) => names.party(row) ?? []),
        company: names.company(hit.companyId),
        subject: freeText(hit.subject),
        snippet: freeText(hit.snippet),
        matched: hit.matched.map((word) => freeText(word)),
        score: Number(hit.score.toFixed(3)),
        has_attachment: hit.hasAttachment,
      })),
      completeness: {
        total: result.total,
        returned: result.hits.length,
        complete: result.exact && result.nextCursor === null && result.hits.length === result.total,
        next_cursor: result.nextCursor,
        as_of: localIso(now.getTime(), workspace.timezone),
        timezone: workspace.timezone,
        filters_in_words: freeText(inWords(filters, result, clock)),
      },
      sources: result.hits.map((hit) => ({
        id: named('MESSAGE', { entity: 'emails', id: hit.id }, subjectName(hit.subject)),
        what: `email, ${localIso(Date.parse(hit.sentAt), workspace.timezone).slice(0, 10)}`,
      })),
      notes: notesOf(result),
    }
  },
})

import { newId } from '../domain/ids.ts'
import type { DocumentRow, WorkspaceDocument } from './workspace-document.ts'

/** For tests of workspace documents: when its records were made. */
export const made = '2025-03-04T10:00:00.000Z'
export const id = Object.fromEntries(
  'member company person open won lost deal call meeting tag thread email attachment'
    .split(' ')
    .map((key) => [key, newId()]),
) as Record<string, string>

export type Records = Record<string, (DocumentRow & Record<string, unknown>)[]>
const pool = Array.from({ length: 40 }, () => newId())
let drawn = 0
/** Records without an id of their own get the same ones in each document. */
export const row = (fields: Record<string, unknown>): DocumentRow & Record<string, unknown> => ({
  id: pool[drawn++]!,
  created_at: made,
  ...fields,
})

/** A small workspace with a record of many entities. */
export const makeDocument = (): WorkspaceDocument & { records: Records } => {
  drawn = 0
  return {
    format: 'tact-workspace/1',
    workspace: {
      slug: 'harbor',
      name: 'Harbor',
      vertical: 'sales',
      timezone: 'America/Chicago',
      currency: 'USD',
      country: 'US',
      clock_at: '2026-11-20T15:00:00.000Z',
    },
    records: {
      members: [
        row({
          id: id['member'],
          email: 'jo@harbor.example',
          given_name: 'Jo',
          family_name: 'Ode',
          role: 'owner',
        }),
      ],
      companies: [
        row({ id: id['company'], name: 'Acre', domain: 'acre.example', owner_id: id['member'], version: 4 }),
      ],
      people: [
        row({
          id: id['person'],
          given_name: 'Zoë',
          family_name: "O'Neal",
          company_id: id['company'],
          created_by: id['member'],
        }),
        row({ given_name: 'Gone', family_name: 'Away', deleted_at: '2025-05-05T05:05:05.123456Z' }),
      ],
      person_emails: [row({ person_id: id['person'], address: 'zoe@acre.example', is_primary: true })],
      stages: [
        row({ id: id['open'], name: 'Open', position: 0, kind: 'open', probability: 0.25 }),
        row({ id: id['won'], name: 'Won', position: 1, kind: 'won', probability: 1 }),
      ],
      deals: [
        row({
          id: id['deal'],
          name: 'Acre rollout',
          company_id: id['company'],
          stage_id: id['won'],
          owner_id: id['member'],
          amount_minor: 4_200_050,
          currency: 'USD',
          close_date: '2025-06-01',
          closed_at: '2025-06-01T12:00:00.000Z',
          stage_since: '2025-06-01T12:00:00.000Z',
        }),
      ],
      deal_stage_events: [
        row({ deal_id: id['deal'], to_stage_id: id['open'], at: made }),
        row({
          deal_id: id['deal'],
          from_stage_id: id['open'],
          to_stage_id: id['won'],
          at: '2025-06-01T12:00:00.000Z',
        }),
      ],
      interactions: [
        row({
          id: id['call'],
          kind: 'call',
          direction: 'inbound',
          occurred_at: '2025-04-01T09:00:00.000Z',
          company_id: id['company'],
          deal_id: id['deal'],
        }),
        row({
          id: id['meeting'],
          kind: 'meeting',
          occurred_at: '2025-03-20T09:00:00.000Z',
          summary: 'Line one\nline two',
          email_id: id['email'],
        }),
      ],
      interaction_people: [
        row({ interaction_id: id['call'], person_id: id['person'] }),
        row({ interaction_id: id['meeting'], person_id: id['person'] }),
      ],
      threads: [
        row({
          id: id['thread'],
          subject: 'Hello',
          message_count: 1,
          needs_reply: true,
          last_direction: 'inbound',
          owner_id: id['member'],
        }),
      ],
      emails: [
        row({
          id: id['email'],
          thread_id: id['thread'],
          message_id: 'a@acre.example',
          reference_ids: ['b@acre.example', 'c "d", {e}@acre.example'],
          content_hash: 'aa',
          sent_at: made,
          direction: 'inbound',
          subject: 'Hello',
          body_text: 'Hi — “quotes”',
          size_bytes: 12,
          source: 'test',
        }),
      ],
      tags: [row({ id: id['tag'], name: 'client' })],
      person_tags: [row({ person_id: id['person'], tag_id: id['tag'] })],
    },
  }
}

/** A text as bytes in pieces of that many. */
export const chunksOf = (text: string, size = 1000) =>
  async function* () {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }

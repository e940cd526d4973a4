import { integer, numeric, text } from 'drizzle-orm/pg-core'
import { happened, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'
import { DIRECTIONS } from './interactions.ts'

export const calls = entity({
  name: 'calls',
  one: 'call',
  schema: 'intel',
  about: 'Telephone calls with their recording; the contact itself is an interaction.',
  minor: true,
  columns: {
    interaction_id: pointer('interaction_id', 'interactions'),
    person_id: pointer('person_id', 'people'),
    member_id: pointer('member_id', 'members'),
    deal_id: pointer('deal_id', 'deals'),
    direction: col(text('direction', { enum: DIRECTIONS }), { hide: 'none', values: DIRECTIONS }),
    number: col(text('number'), { hide: 'PHONE' }),
    started_at: happened('started_at', { words: ['at', 'when'] }),
    duration_seconds: col(integer('duration_seconds')),
    outcome: col(text('outcome'), { write: true }),
    recording_id: pointer('recording_id', 'blobs'),
    source: col(text('source'), { hide: 'none' }),
    external_id: col(text('external_id'), { internal: true }),
  },
  relations: {
    interaction: { kind: 'one', entity: 'interactions', column: 'interaction_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
    recording: { kind: 'one', entity: 'blobs', column: 'recording_id' },
    transcripts: { kind: 'many', entity: 'transcripts', column: 'call_id' },
  },
  unique: [['source', 'external_id']],
})

export const transcripts = entity({
  name: 'transcripts',
  one: 'transcript',
  schema: 'intel',
  about: 'What was said in a call or a meeting.',
  minor: true,
  columns: {
    call_id: pointer('call_id', 'calls'),
    meeting_id: pointer('meeting_id', 'meetings'),
    language: col(text('language'), { hide: 'none' }),
    confidence: col(numeric('confidence', { precision: 4, scale: 3, mode: 'number' })),
    summary: col(text('summary')),
  },
  relations: {
    call: { kind: 'one', entity: 'calls', column: 'call_id' },
    meeting: { kind: 'one', entity: 'meetings', column: 'meeting_id' },
    turns: { kind: 'many', entity: 'transcript_turns', column: 'transcript_id' },
  },
})

export const transcriptTurns = entity({
  name: 'transcript_turns',
  one: 'transcript turn',
  schema: 'intel',
  about: 'Who said what, in order.',
  minor: true,
  columns: {
    transcript_id: parent('transcript_id', 'transcripts'),
    position: col(integer('position').notNull()),
    speaker: col(text('speaker'), { hide: 'NAME' }),
    person_id: pointer('person_id', 'people'),
    member_id: pointer('member_id', 'members'),
    starts_ms: col(integer('starts_ms')),
    said: col(text('said').notNull(), { words: ['text'] }),
    confidence: col(numeric('confidence', { precision: 4, scale: 3, mode: 'number' })),
  },
  relations: {
    transcript: { kind: 'one', entity: 'transcripts', column: 'transcript_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
  },
  unique: [['transcript_id', 'position']],
})

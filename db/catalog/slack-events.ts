import { integer, jsonb, text, uuid } from 'drizzle-orm/pg-core'
import { instant, parent } from './columns.ts'
import { col, entity } from './define.ts'

export const slackEvents = entity({
  name: 'slack_events',
  one: 'Slack event',
  schema: 'workflow',
  about:
    'What came from Slack: written down before Slack is told that it came, then worked off. What was said goes once it is answered.',
  internal: true,
  columns: {
    /** Slack's own id of it; of a click, a command or a request, one that we make from what Slack signed. */
    event_id: col(text('event_id').notNull()),
    kind: col(text('kind', { enum: ['message', 'click', 'command', 'fact', 'request'] as const }).notNull()),
    /** `<channel>:<thread>`: of these, one is worked off at a time, in the order of `slack_ts`. */
    queue: col(text('queue').notNull()),
    slack_ts: col(text('slack_ts').notNull()),
    /** `<channel>:<ts>` of the message it is about. */
    about_message: col(text('about_message')),
    /** What a fact says of that message, or of the answers in that queue. */
    says: col(text('says', { enum: ['edited', 'deleted', 'stopped'] as const })),
    body: col(jsonb('body').$type<unknown>()),
    state: col(text('state', { enum: ['waiting', 'done', 'dropped', 'failed'] as const }).notNull(), {
      indexed: true,
    }),
    due_at: col(instant('due_at').builder.notNull()),
    leased_until: instant('leased_until'),
    attempts: col(integer('attempts').notNull().default(0)),
    /** Where its answer stands: db/slack-events.ts, SlackAnswer. */
    answer: col(jsonb('answer').$type<unknown>()),
    failure: col(text('failure')),
  },
  unique: [['event_id']],
})

export const slackCards = entity({
  name: 'slack_cards',
  one: 'card in Slack',
  schema: 'workflow',
  about: 'Where cards of proposals stand in Slack, for whose eyes they were drawn, and what they show.',
  internal: true,
  columns: {
    proposal_id: parent('proposal_id', 'proposals'),
    team_id: col(text('team_id').notNull()),
    channel_id: col(text('channel_id').notNull()),
    message_ts: col(text('message_ts').notNull()),
    /** The one who sees it, in a direct message; null where all of a channel do. */
    member_id: col(uuid('member_id'), { references: 'members' }),
    /** Mark of the proposal as it was when drawn (db/slack-cards.ts); the card is drawn anew where it says otherwise. */
    drawn: col(text('drawn').notNull()),
    leased_until: instant('leased_until'),
  },
  unique: [['channel_id', 'message_ts']],
})

export const answerRatings = entity({
  name: 'answer_ratings',
  one: 'rating of an answer',
  schema: 'workflow',
  about:
    'What people thought of an answer; with the conversation, whose turns hold handles only, it feeds the evals.',
  internal: true,
  columns: {
    conversation_id: parent('conversation_id', 'conversations'),
    /** The answer it is about, as `egress.answer_id` and the surface name it. */
    answer: col(text('answer').notNull()),
    member_id: parent('member_id', 'members'),
    rating: col(text('rating', { enum: ['good', 'bad'] as const }).notNull()),
  },
  unique: [['answer', 'member_id']],
})

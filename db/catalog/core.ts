import { bigint, customType, integer, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import { CHANNELS, ROLES } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'
import { col, entity, SCHEMAS } from './define.ts'

export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** The workspaces themselves: no tenant column, reachable only outside the tenant's role. */
export const tenants = SCHEMAS.core.table('tenants', {
  id: uuid('id')
    .primaryKey()
    .$defaultFn(() => newId()),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  /** Words and stages of the trade: fund | sales | brokerage. */
  vertical: text('vertical').notNull().default('sales'),
  timezone: text('timezone').notNull().default('UTC'),
  currency: text('currency').notNull().default('USD'),
  country: text('country').notNull().default('US'),
  /** Month that the fiscal year starts with, 1 to 12. */
  fiscal_year_month: integer('fiscal_year_month').notNull().default(1),
  /** What is hidden from models: strict | standard | contacts-only | off (domain/policy.ts). */
  privacy_policy: text('privacy_policy').notNull().default('standard'),
  /** Set on demos: "now" is this instant, so that answers do not age. */
  clock_at: timestamp('clock_at', { withTimezone: true }),
  created_at: timestamp('created_at', { withTimezone: true })
    .notNull()
    .default(sql`now()`),
})

export const members = entity({
  name: 'members',
  one: 'member',
  schema: 'core',
  handle: 'MEMBER',
  title: "{t}.given_name || ' ' || {t}.family_name",
  words: ['colleague', 'teammate', 'rep', 'agent', 'user', 'owner'],
  about: 'Colleagues: the people of this workspace who use Tact.',
  known: { as: 'person', first: 'given_name', second: 'family_name' },
  columns: {
    email: col(text('email').notNull(), { hide: 'EMAIL' }),
    given_name: col(text('given_name').notNull(), { hide: 'MEMBER' }),
    family_name: col(text('family_name').notNull(), { hide: 'MEMBER' }),
    role: col(text('role', { enum: ROLES }).notNull(), { hide: 'none', values: ROLES }),
    disabled_at: col(timestamp('disabled_at', { withTimezone: true })),
  },
  computed: {
    name: { type: 'text', sql: "{t}.given_name || ' ' || {t}.family_name", hide: 'MEMBER' },
  },
  unique: [['email']],
})

export const accessTokens = entity({
  name: 'access_tokens',
  one: 'access token',
  schema: 'core',
  about: 'Bearer tokens of programs (MCP clients, scripts): hashes only.',
  internal: true,
  columns: {
    member_id: col(uuid('member_id').notNull(), { references: 'members' }),
    name: col(text('name').notNull()),
    /** SHA-256 of the token. */
    token_hash: col(text('token_hash').notNull()),
    scopes: col(text('scopes').array().notNull()),
    expires_at: col(timestamp('expires_at', { withTimezone: true })),
    last_used_at: col(timestamp('last_used_at', { withTimezone: true }), { derived: true }),
    revoked_at: col(timestamp('revoked_at', { withTimezone: true })),
    /** What is hidden from this client, where an owner set something else than the workspace's own. */
    privacy_policy: col(text('privacy_policy')),
  },
  unique: [['token_hash']],
})

export const auditEvents = entity({
  name: 'audit_events',
  one: 'audit event',
  schema: 'core',
  about: 'Who did what, when, by which road: append-only, each row hashed over the one before it.',
  internal: true,
  columns: {
    kind: col(text('kind').notNull(), { indexed: true }),
    entity: col(text('entity')),
    record_id: col(uuid('record_id')),
    via: col(text('via', { enum: CHANNELS }).notNull()),
    member_id: col(uuid('member_id')),
    data: col(jsonb('data').notNull().$type<Record<string, unknown>>()),
    /** Place in the tenant's chain, from 1. */
    position: col(bigint('position', { mode: 'number' }).notNull()),
    previous_hash: col(text('previous_hash').notNull()),
    hash: col(text('hash').notNull()),
  },
  unique: [['position']],
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { documentEntities, documentFields } from '../db/document-shape.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { nowOf } from '../db/workspace.ts'
import { shapeOf } from '../query/fields.ts'
import { parseQuery } from '../query/parse-json.ts'
import { runQuery } from '../query/run.ts'
import { settablesOf, writableEntities } from '../writeback/fields.ts'

/**
 * What five CRMs need of one catalog, by entity. A plain name can be asked; `!` a person may have it changed by proposal,
 * too; `>` several records, counted; `~` kept and exported, for no question or tool.
 */
const NAMED: Readonly<Record<string, string>> = {
  people:
    'given_name! family_name! name title! company! emails> phones> linkedin_url! persona! seniority! skills! is_decision_maker! engagement_score! preferred_contact! source_confidence! private_notes~ last_interaction_at tags! affiliations> households> relationships> lists!',
  person_emails: 'address! label! is_primary!',
  person_phones: 'number! label! is_primary!',
  companies:
    'name! parent! kind! segment! tier! status! mrr! health_score! domain! industry! industry_confidence! revenue! employees! technologies! is_target! enriched_at enrichment_is_stale customer_since! churned_on! last_interaction_at tags! cap_table> lists!',
  affiliations: 'person! company! role! started_on! ended_on! is_current',
  households: 'name! owner! city!',
  household_members: 'household! person! role!',
  relationships: 'person! other_person! kind! strength!',
  leads: 'person! company! source! status! budget_band! urgency! scores>',
  pipelines: 'name position stages>',
  stages: 'name position kind probability pipeline',
  deals:
    'name! contact! owner! company! stage! amount! currency! probability! close_date! next_step! risk_factors! competitors! lost_reason! last_interaction_at stakeholders> stage_events> value_events> tags!',
  deal_people: 'deal! person! role! influence! strength!',
  deal_stage_events: 'deal from_stage to_stage at',
  deal_value_events: 'deal from to currency at',
  property_interests: 'person! budget! bedrooms_min! area!',
  tags: 'name! category!',
  tag_categories: 'name!',
  ownership_stakes: 'company! holder_person! holder_company! kind! percent! shares! as_of!',
  tasks: 'title! due_at! done_at! assignee! parent! deal! company! people!',
  reminders: 'title! remind_at! done_at! task! person! company! deal! member!',
  lists: 'name! kind! people! companies!',
  list_memberships: 'list person company',
  funds: 'name! status! currency! target! committed',
  commitments: 'fund! investor_company! investor_person! status! amount! committed_on! funded_on! deal',
  interactions: 'kind! direction! sentiment! quality! outcome! occurred_at! summary! company! deal! people!',
  threads: 'subject last_at needs_reply person company',
  emails: 'subject body_text sent_at direction from_person thread',
  calls: 'person direction duration_seconds started_at outcome! recording',
  transcripts: 'call meeting language confidence',
  transcript_turns: 'transcript position speaker said person',
  whatsapp_threads: 'person number last_at',
  whatsapp_messages: 'thread body sent_at direction',
  meetings: 'title! starts_at! outcome! sentiment! attendees> action_items> impacts>',
  meeting_attendees: 'meeting! person member attended!',
  action_items: 'meeting! title! member! due_on! done_at!',
  meeting_deal_impacts: 'meeting! deal! impact! probability_change!',
  visits: 'person! project! unit! visited_at! rating! feedback!',
  scores: 'kind value at parts person company deal evidence~',
  lead_scores: 'lead overall fit intent engagement intent_signals risks next_actions at breakdown~',
  evidence_events: 'kind occurred_at person company summary confidence blob data~',
  blobs: 'file_name mime_type size_bytes sha256~ storage_key~',
  enrichments: 'company person kind title body market_score source fetched_at',
  locations: 'street! area! city! country!',
  projects: 'name! developer! location! status! completion_on!',
  units: 'code! project! kind! price! availability! bedrooms! size_sqm!',
  unit_prices: 'unit price at',
  unit_availabilities: 'unit availability at until',
  media: 'project! unit! kind! caption! blob',
  members: 'email role name',
}

/** Kept for programs: for no question, yet what people set up is exported. */
const SET_UP = ['saved_views', 'digest_policies', 'automation_rules', 'answer_templates', 'settings']

interface Named {
  readonly name: string
  readonly mark: string
}
const namedOf = (fields: string): readonly Named[] =>
  fields.split(' ').map((one) => ({ name: one.replace(/[!>~]$/, ''), mark: /[!>~]$/.exec(one)?.[0] ?? '' }))

/** Column that holds a field, a `*_minor` amount or the single record of a relation; undefined of what is worked out. */
const columnOf = (entity: Entity, name: string): string | undefined =>
  [name, `${name}_minor`, `${name}_id`].find((one) => one in entity.columns)

describe.each(testEngines)('every entity and field that five CRMs need, on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant()
  })
  afterAll(() => opened.close())

  test.each(Object.entries(NAMED))('%s can be asked in full', async (entity, fields) => {
    const shape = shapeOf(entity)
    const asked = namedOf(fields).flatMap(({ name, mark }) =>
      mark === '~' ? [] : [shape.manys.has(name) ? `count(${name})` : name],
    )
    const { workspace } = tenant
    const context = { workspace, actor: tenant.actor(), now: nowOf(workspace) }
    const result = await asTenant(opened.database, tenant.actor(), (tx) =>
      runQuery(tx, parseQuery({ find: entity, fields: asked }), context),
    )
    expect(result.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(asked.slice(0, 1)))
  })
})

test('what a person may change of them is open to proposals, and nothing else of them is', () => {
  const wrong = Object.entries(NAMED).flatMap(([name, fields]) => {
    const entity = entityOf(name)
    const open = new Set(
      writableEntities().includes(name)
        ? [...settablesOf(entity, 'create'), ...settablesOf(entity, 'update')].map((one) => one.name)
        : [],
    )
    return namedOf(fields).flatMap((field) => {
      const isOpen = open.has(field.name)
      return field.mark === '>' || isOpen === (field.mark === '!') ? [] : [`${name}.${field.name} ${isOpen}`]
    })
  })
  expect(wrong).toEqual([])
})

test('all of it is in the workspace document', () => {
  const kept = new Map(
    documentEntities().map((entity) => [
      entity.name,
      new Set(documentFields(entity).map(({ name }) => name)),
    ]),
  )
  const missing = Object.entries(NAMED).flatMap(([name, fields]) => {
    const entity = entityOf(name)
    return namedOf(fields).flatMap((field) => {
      const column = columnOf(entity, field.name)
      if (column === undefined || /^last_\w+_at$/.test(column)) return []
      return kept.get(name)?.has(column) ? [] : [`${name}.${column}`]
    })
  })
  expect(missing).toEqual([])
  expect(SET_UP.filter((name) => !kept.has(name))).toEqual([])
})

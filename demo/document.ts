import type { WorkspaceDocument, DocumentRow } from '../db/workspace-document.ts'
import { currentStage } from './world.ts'
import type { World } from './world.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

const row = (fields: Record<string, unknown>): DocumentRow =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as DocumentRow

/** The world as a workspace document: what `tact import workspace` takes. Mail is not part of it; it is imported as mail. */
export const writeDocument = (world: World): WorkspaceDocument => {
  const { random: chance, clock } = world
  const random = chance.fork('document')
  const began = world.clock.at(-740, 9)
  const pipelineId = chance.fork('pipeline').uuid(began)
  const tagIds = new Map<string, string>()
  const tagId = (name: string): string => {
    const known = tagIds.get(name) ?? random.uuid(began)
    tagIds.set(name, known)
    return known
  }
  const dayOf = (day: number | undefined): string | undefined =>
    day === undefined ? undefined : clock.date(day)
  const joined = (atMs: number, fields: Record<string, unknown>): DocumentRow =>
    row({ id: random.uuid(atMs), created_at: iso(atMs), ...fields })

  const records: Record<string, DocumentRow[]> = {
    members: world.members.map(({ id, email, given, family, role }) =>
      row({ id, created_at: iso(began), email, given_name: given, family_name: family, role }),
    ),
    companies: world.companies.map((company) =>
      row({
        id: company.id,
        created_at: iso(company.createdMs),
        name: company.name,
        domain: company.domain,
        kind: company.kind,
        status: company.status,
        industry: company.industry,
        city: company.city,
        country: company.country,
        owner_id: company.owner.id,
        notes: company.notes,
        customer_since: dayOf(company.customerSinceDay),
        churned_on: dayOf(company.churnedDay),
        source: 'demo',
      }),
    ),
    people: world.people.map((person) =>
      row({
        id: person.id,
        created_at: iso(person.createdMs),
        given_name: person.given,
        family_name: person.family,
        title: person.title,
        role: person.role,
        company_id: person.company?.id,
        owner_id: person.owner.id,
        city: person.city,
        country: person.country,
        linkedin_url: person.linkedin,
        notes: person.notes,
        source: 'demo',
      }),
    ),
    person_emails: world.people.flatMap((person) =>
      person.emails.map((address, index) =>
        joined(person.createdMs, {
          person_id: person.id,
          address,
          label: person.company && index === 0 ? 'work' : 'private',
          is_primary: index === 0,
        }),
      ),
    ),
    person_phones: world.people.flatMap((person) =>
      person.phone === undefined
        ? []
        : [
            joined(person.createdMs, {
              person_id: person.id,
              number: person.phone,
              label: 'mobile',
              is_primary: true,
            }),
          ],
    ),
    property_interests: world.people.flatMap(({ id, createdMs, interest }) =>
      interest === undefined
        ? []
        : [
            joined(createdMs, {
              person_id: id,
              budget_minor: interest.budgetMinor,
              currency: world.currency,
              bedrooms_min: interest.bedroomsMin,
              area: interest.area,
            }),
          ],
    ),
    pipelines: [row({ id: pipelineId, created_at: iso(began), name: 'Pipeline', position: 0 })],
    stages: world.stages.map(({ id, name, kind, probability }, position) =>
      row({ id, created_at: iso(began), name, position, kind, probability, pipeline_id: pipelineId }),
    ),
    deals: world.deals.map((deal) =>
      row({
        id: deal.id,
        created_at: iso(deal.steps[0]!.atMs),
        name: deal.name,
        company_id: deal.company?.id,
        stage_id: deal.steps.at(-1)!.stage.id,
        owner_id: deal.owner.id,
        amount_minor: deal.amountMinor,
        currency: world.currency,
        close_date: deal.closeDate,
        stage_since: iso(deal.steps.at(-1)!.atMs),
        closed_at: currentStage(deal).kind === 'open' ? undefined : iso(deal.steps.at(-1)!.atMs),
        side: deal.side,
        bedrooms: deal.bedrooms,
        next_step: deal.nextStep,
        source: deal.source,
      }),
    ),
    deal_people: world.deals.flatMap((deal) =>
      deal.people.map(({ person, role }) =>
        joined(deal.steps[0]!.atMs, { deal_id: deal.id, person_id: person.id, role }),
      ),
    ),
    deal_stage_events: world.deals.flatMap((deal) =>
      deal.steps.map(({ stage, atMs }, index) =>
        joined(atMs, {
          deal_id: deal.id,
          from_stage_id: deal.steps[index - 1]?.stage.id,
          to_stage_id: stage.id,
          at: iso(atMs),
        }),
      ),
    ),
    interactions: world.interactions.map((interaction) =>
      row({
        id: interaction.id,
        created_at: iso(Math.min(interaction.atMs + 20 * 60_000, clock.nowMs)),
        kind: interaction.kind,
        direction: interaction.direction,
        occurred_at: iso(interaction.atMs),
        summary: interaction.summary,
        body: interaction.body,
        duration_minutes: interaction.minutes,
        company_id: interaction.company?.id,
        deal_id: interaction.deal?.id,
        member_id: interaction.member.id,
        source: 'demo',
        external_id: interaction.id,
      }),
    ),
    interaction_people: world.interactions.flatMap(({ id, atMs, people }) =>
      people.map((person) => joined(atMs, { interaction_id: id, person_id: person.id })),
    ),
    tasks: world.tasks.map((task) =>
      row({
        id: task.id,
        created_at: iso(task.createdMs),
        title: task.title,
        due_at: iso(task.dueMs),
        done_at: task.doneMs === undefined ? undefined : iso(task.doneMs),
        assignee_id: task.assignee.id,
        company_id: task.company?.id,
        deal_id: task.deal?.id,
        notes: task.notes,
      }),
    ),
    task_people: world.tasks.flatMap(({ id, createdMs, people }) =>
      people.map((person) => joined(createdMs, { task_id: id, person_id: person.id })),
    ),
  }
  const tagged = (column: string, owners: readonly { id: string; tags: readonly string[]; atMs: number }[]) =>
    owners.flatMap(({ id, tags, atMs }) =>
      tags.map((tag) => joined(atMs, { [column]: id, tag_id: tagId(tag) })),
    )
  records['person_tags'] = tagged(
    'person_id',
    world.people.map((person) => ({ ...person, atMs: person.createdMs })),
  )
  records['company_tags'] = tagged(
    'company_id',
    world.companies.map((company) => ({ ...company, atMs: company.createdMs })),
  )
  records['deal_tags'] = tagged(
    'deal_id',
    world.deals.map((deal) => ({ ...deal, atMs: deal.steps[0]!.atMs })),
  )
  records['tags'] = [...tagIds].map(([name, id]) => row({ id, created_at: iso(began), name }))

  return {
    format: 'tact-workspace/1',
    workspace: {
      slug: world.slug,
      name: world.name,
      vertical: world.vertical,
      timezone: clock.timezone,
      currency: world.currency,
      country: world.country,
      clock_at: iso(clock.nowMs),
    },
    records,
  }
}

import { z } from 'zod'
import { resolveEntity } from '../query/paths.ts'
import { PERIOD_EXAMPLES } from '../query/periods.ts'
import { loadVocabulary } from '../query/vocabulary.ts'
import type { Vocabulary } from '../query/vocabulary.ts'
import { POLICIES } from '../domain/policy.ts'
import { defineTool } from './define.ts'
import { detail, overview } from './support/describe-entities.ts'
import { describeField } from './support/describe-field.ts'
import { verifiedExamples } from './support/verified-examples.ts'
import type { VerifiedExample } from './support/verified-examples.ts'

const Detail = z.object({
  name: z.string(),
  one: z.string(),
  about: z.string(),
  also: z.array(z.string()),
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      hidden: z
        .boolean()
        .describe('Comes as a handle or with names replaced; predicates on it work all the same.'),
      about: z.string().optional(),
      also: z.array(z.string()).optional(),
      values: z.array(z.string()).optional(),
    }),
  ),
  relations: z.array(
    z.object({
      name: z.string(),
      to: z.string(),
      several: z.boolean(),
      also: z.array(z.string()).optional(),
      about: z.string().optional(),
    }),
  ),
  segments: z.array(z.object({ name: z.string(), about: z.string() })).optional(),
  periods: z.array(z.string()),
})

const FieldDetail = z.object({
  name: z.string(),
  entity: z.string(),
  type: z.string(),
  hidden: z.boolean(),
  operators: z.array(z.string()),
  about: z.string().optional(),
  also: z.array(z.string()).optional(),
  values: z.array(z.string()).optional().describe('All that it can have.'),
  samples: z
    .array(z.string())
    .optional()
    .describe('The most frequent values, those of single records left out; never of fields that are hidden.'),
})

const SHOWN = 12

const NOTATION = [
  'field:type, text without one; field(a|b) takes only those; relation→entity is one record and makes paths (company.status); relation⇉entity is several: use some/none in filters.',
  'Call again with `entity` for types, other words, values and segments ({field: "in_segment", value}), or with `deals.source` for one field and samples of it.',
]

/** The workspace's own words by the field they are values of. */
const wordsOf = (vocabulary: Vocabulary, limit: number): Record<string, string[]> => {
  const words: Record<string, readonly string[]> = {
    'deals.stage': vocabulary.stages.map(({ name, kind }) => (kind === 'open' ? name : `${name} (${kind})`)),
    tags: vocabulary.tags,
    'people.role': vocabulary.roles,
    'people.title': vocabulary.titles,
    'companies.status': vocabulary.statuses,
    'companies.kind': vocabulary.kinds,
    'companies.industry': vocabulary.industries,
    city: vocabulary.cities,
    country: vocabulary.countries,
    'property_interests.area': vocabulary.areas,
  }
  return Object.fromEntries(
    Object.entries(words)
      .filter(([, values]) => values.length > 0)
      .map(([field, values]) => [field, field === 'deals.stage' ? [...values] : values.slice(0, limit)]),
  )
}

const RELEVANT: Readonly<Record<string, readonly string[]>> = {
  'deals.stage': ['deals', 'stages', 'deal_stage_events'],
  tags: ['tags', 'people', 'companies', 'deals', 'person_tags', 'company_tags', 'deal_tags'],
  city: ['people', 'companies'],
  country: ['people', 'companies'],
}

const about = (entity: string, words: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(words).filter(([field]) => (RELEVANT[field] ?? [field.split('.')[0]]).includes(entity)),
  )

const withExamples = (examples: readonly VerifiedExample[]) => (examples.length > 0 ? { examples } : {})

export const describeCrm = defineTool({
  name: 'describe_crm',
  title: 'Describe the CRM',
  description:
    "What can be asked: entities, fields, relations, and this workspace's own words (stages, tags, roles …). An overview, or with `entity` everything about one.",
  risk: 'read',
  labels: { running: 'Reading what the CRM holds', done: 'Read what the CRM holds' },
  input: z.strictObject({
    entity: z
      .string()
      .max(120)
      .optional()
      .describe('people, companies, deals …; or one field: `deals.source`'),
    question: z
      .string()
      .max(500)
      .optional()
      .describe('What is asked: verified questions near it come along.'),
  }),
  data: z.object({
    entities: z
      .array(
        z.object({
          name: z.string(),
          about: z.string(),
          also: z.array(z.string()),
          fields: z.string(),
          relations: z.string(),
        }),
      )
      .optional(),
    links: z
      .array(z.string())
      .optional()
      .describe('Single links, to count over: find one and group by its sides.'),
    more: z.string().optional().describe('Further entities; describe one to see it.'),
    entity: Detail.optional(),
    field: FieldDetail.optional(),
    words: z.record(z.string(), z.array(z.string())),
    examples: z
      .array(
        z.object({ question: z.string(), query: z.string().describe('Arguments of query_crm, as JSON.') }),
      )
      .optional()
      .describe('Questions that people of this workspace have verified.'),
    privacy: z.enum(POLICIES).describe('What is hidden from this client.'),
  }),
  run: async ({ entity, question }, { tx, workspace, actor, now }) => {
    const vocabulary = await loadVocabulary(tx)
    if (entity === undefined) {
      return {
        data: {
          ...overview(),
          words: wordsOf(vocabulary, SHOWN),
          ...withExamples(await verifiedExamples(tx, { question })),
          privacy: workspace.policy,
        },
        completeness: null,
        sources: [],
        notes: NOTATION,
      }
    }
    const notes = new Set<string>()
    const [head = '', ...path] = entity.split('.')
    const name = resolveEntity(head, { at: 'entity', notes })
    if (path.length > 0) {
      const field = await describeField(tx, name, path.join('.'), { workspace, actor, now }, notes)
      return {
        data: { field, words: {}, privacy: workspace.policy },
        completeness: null,
        sources: [],
        notes: [...notes],
      }
    }
    return {
      data: {
        entity: { ...detail(name), periods: PERIOD_EXAMPLES },
        words: about(name, wordsOf(vocabulary, 200)),
        ...withExamples(await verifiedExamples(tx, { question, entity: name })),
        privacy: workspace.policy,
      },
      completeness: null,
      sources: [],
      notes: [...notes],
    }
  },
})

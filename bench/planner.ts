import { plan } from '../agent/model/offline/plan.ts'
import { emptyVocabulary } from '../agent/model/offline/vocabulary.ts'
import { questionFamily } from '../agent/model/offline/family.ts'
import type { Vertical, Vocabulary } from '../agent/model/offline/vocabulary.ts'

/** How long the offline planner takes for one question, over its documented family; names are handles by then. */
const HANDLES: Readonly<Record<string, string>> = {
  company: 'COMPANY_20552',
  person: 'PERSON_43317',
  deal: 'DEAL_71201',
  member: 'MEMBER_30066',
}

const words = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix} ${at}`)

const vocabulary = (vertical: Vertical): Vocabulary => ({
  ...emptyVocabulary(vertical),
  stages: [
    { name: 'Diligence', kind: 'open' },
    { name: 'Won', kind: 'won' },
    { name: 'Lost', kind: 'lost' },
  ],
  tags: words(200, 'tag'),
  titles: words(100, 'title'),
  cities: words(200, 'city'),
  industries: words(60, 'industry'),
})

const vocabularies = {
  fund: vocabulary('fund'),
  sales: vocabulary('sales'),
  brokerage: vocabulary('brokerage'),
}
const tools = new Set([
  'query_crm',
  'search_people',
  'search_email',
  'get_record',
  'log_interaction',
  'propose_writeback',
])
const now = new Date('2026-11-20T09:00:00Z')
const took: number[] = []
for (let round = 0; round < 40; round += 1) {
  for (const { examples } of questionFamily()) {
    for (const { question, trade } of examples) {
      const said = question.replace(/\{(\w+)\}/g, (_all, name: string) => HANDLES[name] ?? name)
      const start = performance.now()
      plan({ turns: [{ said, legend: [] }], vocabulary: vocabularies[trade], now, timezone: 'UTC', tools })
      if (round > 2) took.push(performance.now() - start)
    }
  }
}
took.sort((a, b) => a - b)
const at = (share: number): string =>
  took[Math.min(took.length - 1, Math.floor(took.length * share))]!.toFixed(2)
process.stdout.write(
  `${JSON.stringify({ bench: 'planner', questions: took.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1) })}\n`,
)

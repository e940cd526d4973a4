import { asTactError } from '../domain/errors.ts'
import { loadGrammar } from '../query/parse-sql/read.ts'
import { compileQuestion } from '../query/relational/execute.ts'

/** How long a SELECT takes from text to the SQL that runs: read, checked, bound, written, read again and compared. */
const OWN = [
  "select name from people where id in (select person_id from deal_people where role = 'buyer') and city ilike 'b%' limit 50",
  "select date_trunc('month', close_date) as month, sum(amount), count(*) filter (where status = 'won') from deals where close_date >= current_date - interval '12 months' group by 1 order by 1",
  'select * from (select name, amount, row_number() over (partition by owner_id order by amount desc) as place from deals) t where place <= 3',
  "select name, 'person' as kind from people union all select name, 'company' from companies order by 1 limit 20",
  'select count(*) from deals',
  'select name, city from companies order by name limit 20',
  'select stage, count(*), sum(amount) from deals group by stage order by 3 desc nulls last',
  "select p.name, max(e.sent_at) from people p join emails e on e.from_person_id = p.id where e.sent_at > now() - interval '90 days' group by p.id, p.name",
  "with w as (select owner_id, count(*) as n from deals where status = 'open' group by owner_id) select m.name, w.n, rank() over (order by w.n desc) from w join members m on m.id = w.owner_id",
]

const refused: string[] = []
await loadGrammar()
const queries = OWN.filter((sql) => {
  try {
    compileQuestion({ sql })
    return true
  } catch (thrown) {
    refused.push(asTactError(thrown).code)
    return false
  }
})
const took: number[] = []
for (let round = 0; round < 100; round += 1) {
  for (const sql of queries) {
    const startedMs = performance.now()
    compileQuestion({ sql })
    if (round > 9) took.push(performance.now() - startedMs)
  }
}
took.sort((a, b) => a - b)
const at = (share: number): number =>
  Number(took[Math.min(took.length - 1, Math.floor(took.length * share))]!.toFixed(3))
process.stdout.write(
  `${JSON.stringify({ bench: 'query', queries: queries.length, refused, compiled: took.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1) })}\n`,
)

import { parseArgs } from 'node:util'
import { loadGrammar } from '../query/parse-sql/read.ts'
import { compileQuestion } from '../query/relational/execute.ts'

/**
 * How long a SELECT takes from text to the SQL that runs: read, checked, bound, written; and where its shape was not
 * seen before, read again and compared. No text is asked twice: in "new" a number changes, in "new shape" its constants
 * are of a kind that makes a shape of its own. "first" are the texts before the engine has compiled its own code, "again"
 * is a text that was asked before. `--rounds 500`.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '500' } } })
const ROUNDS = Number(values.rounds)
const WARM_UP = 50

const OWN: readonly ((n: number | string) => string)[] = [
  (n) =>
    `select name from people where id in (select person_id from deal_people where role = 'buyer') and city ilike 'b${n}%' limit 50`,
  (n) =>
    `select date_trunc('month', close_date) as month, sum(amount), count(*) filter (where status = 'won') from deals where close_date >= current_date - interval '${n} months' group by 1 order by 1`,
  (n) =>
    `select * from (select name, amount, row_number() over (partition by owner_id order by amount desc) as place from deals) t where place <= ${n}`,
  (n) =>
    `select name, 'person' as kind from people union all select name, 'company' from companies where employees > ${n} order by 1 limit 20`,
  (n) => `select count(*) from deals where amount > ${n}`,
  (n) => `select name, city from companies where employees > ${n} order by name limit 20`,
  (n) =>
    `select stage, count(*), sum(amount) from deals where amount > ${n} group by stage order by 3 desc nulls last`,
  (n) =>
    `select p.name, max(e.sent_at) from people p join emails e on e.from_person_id = p.id where e.sent_at > now() - interval '${n} days' group by p.id, p.name`,
  (n) =>
    `with w as (select owner_id, count(*) as n from deals where status = 'open' and amount > ${n} group by owner_id) select m.name, w.n, rank() over (order by w.n desc) from w join members m on m.id = w.owner_id`,
]

await loadGrammar()
const timed = (sql: string): number => {
  const startedMs = performance.now()
  compileQuestion({ sql })
  return performance.now() - startedMs
}
const rounds = Array.from({ length: ROUNDS + WARM_UP }, (_, round) =>
  OWN.map((write) => timed(write(round + 1))),
)
// A constant with a point in it is masked in no shape.
const shapes = Array.from({ length: ROUNDS }, (_, round) =>
  OWN.map((write) => timed(write(`${round + 1}.5`))),
)
const again = Array.from({ length: 20 }, () => OWN.map((write) => timed(write(ROUNDS + WARM_UP)))).flat()

const line = (what: string, took: readonly number[]): string => {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(3)
  return `| ${[what, took.length, at(0.5), at(0.95), at(0.99), at(1)].join(' | ')} |`
}
process.stdout.write(
  `| texts | compiled | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|---|\n${[
    line('first', rounds.slice(0, 2).flat()),
    line('warming up', rounds.slice(0, WARM_UP).flat()),
    line('new', rounds.slice(WARM_UP).flat()),
    line('new shape', shapes.flat()),
    line('again', again),
  ].join('\n')}\n`,
)

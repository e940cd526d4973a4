import { z } from 'zod'
import { check, count, of, percent } from './check.ts'
import type { Check } from './check.ts'

const ATTACKS = z.object({
  total: count,
  effective: count,
  engines: z.array(z.object({ engine: z.string() })),
})

/** Whether answers are right, and what they keep to themselves. */
export const QUALITY: readonly Check[] = [
  check(
    { id: 'C', says: 'Hostile SQL with an effect', goal: '0', run: 'attacks-sql' },
    ATTACKS,
    ({ effective, total, engines }) => ({
      figure: `${of(effective, total)} on ${engines.map(({ engine }) => engine).join(' and ')}`,
      holds: effective === 0,
    }),
  ),
  check(
    { id: 'C', says: 'Hostile query trees with an effect', goal: '0', run: 'attacks-ast' },
    ATTACKS,
    ({ effective, total, engines }) => ({
      figure: `${of(effective, total)} on ${engines.map(({ engine }) => engine).join(' and ')}`,
      holds: effective === 0,
    }),
  ),
  check(
    {
      id: 'E4',
      says: 'Our questions, offline: exact, wrong, abstained',
      goal: 'at least 57, at most 1 wrong',
      run: 'questions',
    },
    z.object({ exact: count, wrong: count, abstained: count, total: count }),
    ({ exact, wrong, abstained, total }) => ({
      figure: `${exact}, ${wrong}, ${abstained} of ${total}`,
      holds: exact * 60 >= total * 57 && wrong * 60 <= total,
    }),
  ),
  check(
    {
      id: 'E4',
      says: 'WorkBench sentences, offline: right, abstained, wrong; wrong where nothing is to be done',
      goal: '0 of these',
      run: 'workbench-sentences',
    },
    z.object({ right: count, abstained: count, wrong: count, total: count, wrongOfIdle: count }),
    ({ right, abstained, wrong, total, wrongOfIdle }) => ({
      figure: `${right}, ${abstained}, ${wrong} of ${total}; ${wrongOfIdle}`,
      holds: wrongOfIdle === 0,
    }),
  ),
  check(
    {
      id: 'G',
      says: 'False drafts that the answer check catches; true ones it touches',
      goal: 'at least 99 %, at most 1 %',
      run: 'answer-check',
    },
    z.object({ drafts: count, touched: count, corrupted: count, caught: count }),
    ({ drafts, touched, corrupted, caught }) => ({
      figure: `${percent(caught / corrupted)} of ${corrupted}; ${of(touched, drafts)}`,
      holds: caught >= corrupted * 0.99 && touched <= drafts * 0.01,
    }),
  ),
  check(
    {
      id: 'E5',
      says: 'Names readable / other text hidden, by set of real mail',
      goal: 'at most 1 % / 3 %',
      run: 'redaction',
    },
    z.object({
      sets: z.array(z.object({ detector: z.string(), set: z.string(), leak: count, overRedaction: count })),
    }),
    ({ sets }) => {
      const ours = sets.filter(({ detector }) => detector === 'tact')
      return {
        figure: ours
          .map(({ set, leak, overRedaction }) => `${set} ${percent(leak)} / ${percent(overRedaction)}`)
          .join('; '),
        holds: ours.every(({ leak, overRedaction }) => leak <= 0.01 && overRedaction <= 0.03),
      }
    },
  ),
  check(
    {
      id: 'E5',
      says: 'Search: nDCG@10 / recall@100 of the default; how far below its best arm',
      goal: 'at most .005 below',
      run: 'search',
    },
    z.object({
      sets: z.array(
        z.object({
          set: z.string(),
          arms: z.object({ fused: z.object({ ndcg10: count, recall100: count }) }),
          fusedBelowBest: count,
        }),
      ),
    }),
    ({ sets }) => ({
      figure: sets
        .map(
          ({ set, arms: { fused }, fusedBelowBest }) =>
            `${set} ${fused.ndcg10.toFixed(3)} / ${fused.recall100.toFixed(3)}, ${Math.max(0, fusedBelowBest).toFixed(3)}`,
        )
        .join('; '),
      holds: sets.every(({ fusedBelowBest }) => fusedBelowBest <= 0.005),
    }),
  ),
]

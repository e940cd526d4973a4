import { describe, expect, it } from 'vitest'
import { pageOf, pictureOf, rowsOf } from './page.ts'
import { RUNS } from './runs.ts'

const ended = (reports: Readonly<Record<string, unknown>>) =>
  new Map(RUNS.map((run) => [run.name, { run, report: reports[run.name], exitCode: 0, seconds: 1 }] as const))
const rowOf = (reports: Readonly<Record<string, unknown>>, run: string) =>
  rowsOf(ended(reports)).filter((row) => row.run === run)

describe('the page of all evals', () => {
  it('has a row for every run, and every row a run', () => {
    const rows = rowsOf(ended({}))
    expect(new Set(rows.map(({ run }) => run))).toEqual(new Set(RUNS.map(({ name }) => name)))
  })

  it('judges a figure by its goal', () => {
    const report = { exact: 57, wrong: 1, abstained: 2, total: 60 }
    expect(rowOf({ questions: report }, 'questions')[0]!.verdict).toEqual({
      figure: '57, 1, 2 of 60',
      holds: true,
    })
    expect(rowOf({ questions: { ...report, wrong: 2 } }, 'questions')[0]!.verdict!.holds).toBe(false)
  })

  it('says which set is not there, and does not take a suite that failed for one', () => {
    const [left] = rowOf({ workbench: { total: 0, leftOut: ['it is elsewhere'] } }, 'workbench')
    expect(left!.verdict).toBeUndefined()
    expect(rowOf({}, 'workbench')[0]!.verdict).toEqual({ figure: 'the suite failed', holds: false })
  })

  it('is the same for the same figures, whatever the time they took', () => {
    const rows = rowsOf(ended({ renderers: { live: 0, total: 10, falseAlarms: { total: 5, changed: 0 } } }))
    const page = pageOf(rows, RUNS)
    expect(page).toContain('| S6 | Payloads of others that stay live in a renderer | 0 of 10 | 0 | yes |')
    expect(page).not.toMatch(/ s\b|\/work|\/home/u)
  })

  it('draws the harm of recorded runs as a picture of its own', () => {
    const recorded = { 'model|all': { total: 100, right: 50, harmful: 25, otherThanPublished: 0 } }
    const report = {
      recorded,
      groundTruth: { right: 1, total: 1 },
      nobodyApproves: { changed: 0, total: 100 },
      groundTruthApprover: { writes: 1, wrongApplied: 0, right: 1, rightLost: 0 },
    }
    expect(pictureOf(report)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*25[^]*<\/svg>\n$/u)
  })
})

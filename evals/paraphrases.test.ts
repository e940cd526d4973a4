import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Question } from './questions-judge.ts'
import { runQuestions } from './suites/questions.ts'

const FOLDER = join(import.meta.dirname, 'paraphrases')
const file = join(FOLDER, 'questions.jsonl')
const workspaceFile = join(FOLDER, 'workspaces.json')

describe('paraphrases over workspaces of their own', () => {
  const all = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Question)

  it('are at least 600, each asked once, half of them held out', () => {
    expect(all.length).toBeGreaterThanOrEqual(600)
    expect(
      new Set(all.map(({ vertical, context, question }) => [vertical, context, question].join())).size,
    ).toBe(all.length)
    expect(all.filter(({ split }) => split === 'held-out').length * 2).toBe(all.length)
  })

  it('on the demos, written before the rules that read them, are read exactly but for a few', async () => {
    const report = await runQuestions({
      file: join(FOLDER, 'demos-unseen.jsonl'),
      workspaceFile: join(FOLDER, 'demos.json'),
    })
    expect(report.total).toBeGreaterThanOrEqual(120)
    expect(report.exact / report.total).toBeGreaterThanOrEqual(0.9)
    expect(report.wrong / report.total).toBeLessThanOrEqual(0.03)
  })

  it('over names and wordings of another hand are read exactly, or not at all, but for a few', async () => {
    const report = await runQuestions({
      file: join(FOLDER, 'fresh-names.jsonl'),
      workspaceFile: join(FOLDER, 'fresh-names.json'),
    })
    expect(report.total).toBe(120)
    expect(report.exact / report.total).toBeGreaterThanOrEqual(0.93)
    expect(report.wrong / report.total).toBeLessThanOrEqual(0.01)
  })

  it.each([
    ['three-houses.jsonl', 180],
    ['three-houses-2.jsonl', 60],
  ])('over three more houses are read exactly, or not at all, but for a few: %s', async (name, total) => {
    const report = await runQuestions({
      file: join(FOLDER, name),
      workspaceFile: join(FOLDER, 'three-houses.json'),
    })
    expect(report.total).toBe(total)
    expect(report.exact / report.total).toBeGreaterThanOrEqual(0.97)
    expect(report.wrong).toBe(0)
  })

  it.each([
    ['dev', 0.95, 0.01],
    ['held-out', 0.85, 0.04],
  ] as const)(
    'of the half %s at least %d are read exactly and at most %d wrongly',
    async (split, exact, wrong) => {
      const report = await runQuestions({ file, workspaceFile, split })
      expect(report.exact / report.total).toBeGreaterThanOrEqual(exact)
      expect(report.wrong / report.total).toBeLessThanOrEqual(wrong)
    },
  )
})

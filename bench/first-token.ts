import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openHouse, takeDesk } from '../cli/compose.ts'
import { runConversationTurn } from '../cli/conversation.ts'
import { loadConfig } from '../config.ts'
import { newId } from '../domain/ids.ts'
import { fillCrm } from './crm/fill.ts'

/**
 * `npm run bench -- first-token [--people 100000] [--rounds 10]`: from a question to the first word of the answer of the
 * offline planner, on the embedded engine, through the whole product: names hidden, planned, asked, checked, restored.
 * The first question of a process also reads the names of the workspace; it stands apart.
 */
const { values } = parseArgs({
  options: { people: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '10' } },
})
const PEOPLE = Number(values.people)
const QUESTIONS = [
  'How many open deals do we have?',
  'Pipeline by stage',
  'Top 5 deals by amount',
  'Deals closing this month',
  'What follow-ups are overdue?',
  'When did we last talk to Company 77?',
]

const home = mkdtempSync(join(tmpdir(), 'tact-first-token-'))
const house = await openHouse(loadConfig({ TACT_HOME: home, TACT_MODEL: 'offline' }))
try {
  const filledMs = performance.now()
  await fillCrm(house.database, {
    people: PEOPLE,
    companies: Math.ceil(PEOPLE / 20),
    deals: Math.ceil(PEOPLE / 20),
    interactions: Math.ceil(PEOPLE / 5),
    mails: 1000,
  })
  process.stderr.write(`filled in ${((performance.now() - filledMs) / 1000).toFixed(0)} s\n`)
  const desk = await takeDesk(house, { workspace: 'bench', as: 'm0@team.example' }, 'cli')
  const signal = new AbortController().signal
  const firstWordMs = async (question: string): Promise<{ readonly ms: number; readonly status: string }> => {
    const begunMs = performance.now()
    let ms = Number.NaN
    let status = ''
    for await (const event of runConversationTurn(house, desk, question, { name: newId(), signal })) {
      if (event.type === 'text-delta' && Number.isNaN(ms)) ms = performance.now() - begunMs
      if (event.type === 'turn-end') status = event.status
    }
    return { ms, status }
  }
  const cold = await firstWordMs(QUESTIONS[0]!)
  process.stdout.write(
    `${PEOPLE} people, embedded engine; first question of the process ${cold.ms.toFixed(0)} ms\n\n| question | p50 ms | longest ms | status | load |\n|---|---|---|---|---|\n`,
  )
  for (const question of QUESTIONS) {
    const all: number[] = []
    let status = ''
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const answer = await firstWordMs(question)
      all.push(answer.ms)
      status = answer.status
    }
    all.sort((a, b) => a - b)
    process.stdout.write(
      `| ${question} | ${all[all.length >> 1]!.toFixed(0)} | ${all.at(-1)!.toFixed(0)} | ${status} | ${loadavg()[0]!.toFixed(1)} |\n`,
    )
  }
} finally {
  await house.close()
  rmSync(home, { recursive: true, force: true })
}

import { questionFamily } from './family.ts'

const TRADES = { fund: 'a fund', sales: 'a sales team', brokerage: 'a brokerage' } as const
const STAND_IN: Readonly<Record<string, string>> = {
  company: 'Arbor Freight',
  person: 'Dana Whitfield',
  deal: 'the Arbor renewal',
  member: 'Marcus',
}

/** docs/questions.md: what the offline planner answers, from the same list that its tests and suggestions use. */
export const familyPage = (): string => {
  const rows = questionFamily().map(({ name, about, examples }) => {
    const lines = examples.map(({ trade, question }) => {
      const shown = question.replace(/\{(\w+)\}/g, (_all, word: string) => STAND_IN[word] ?? word)
      return `- “${shown}” (${TRADES[trade]})`
    })
    return `## ${name}\n\n${about}\n\n${lines.join('\n')}\n`
  })
  return `# Questions the offline planner answers

<!-- Generated from agent/model/offline/family.ts; a test fails when it differs. -->

Without a key, Tact reads questions by rules. It answers the kinds below in many wordings, says in one line how it read
the question, asks back when two records fit, and refuses with the three nearest questions when it cannot read all of it.
Conversations work: “only the ones over 20k”, “what about last month?”, “group them by owner”, “who is their agent?”.

${rows.join('\n')}`
}

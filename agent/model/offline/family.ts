import { NEAR_IN_MEANING } from './nearest-meaning.ts'
import type { Vertical } from './vocabulary.ts'

/** A kind of question that is answered, and two examples that are tests. */
export interface Family {
  readonly name: string
  readonly about: string
  readonly examples: readonly [FamilyExample, FamilyExample]
}
export interface FamilyExample {
  readonly trade: Vertical
  /** With names in braces: `{company}` `{person}` `{deal}` `{member}`. */
  readonly question: string
}
const sales = (question: string): FamilyExample => ({ trade: 'sales', question })
const fund = (question: string): FamilyExample => ({ trade: 'fund', question })
const house = (question: string): FamilyExample => ({ trade: 'brokerage', question })

const FAMILY: readonly Family[] = [
  {
    name: 'One person',
    about: 'Who someone is.',
    examples: [fund('Who is {person}?'), sales("What's {person}'s phone number?")],
  },
  {
    name: 'People at a company',
    about: 'By company, title or part.',
    examples: [sales('Who is the CFO of {company}?'), house('Who do we know at {company}?')],
  },
  {
    name: 'One fact of a record',
    about: 'Owner, stage, value, close date.',
    examples: [fund('Who owns the relationship with {company}?'), sales('What stage is {deal} in?')],
  },
  {
    name: 'Last contact',
    about: 'The latest call, meeting or mail with someone. "Spoke" means a call or a meeting.',
    examples: [
      sales('When did we last talk to {company}?'),
      house('When was the last meeting with {person}?'),
    ],
  },
  {
    name: 'What happened',
    about: 'Everything with someone in a period.',
    examples: [
      fund('Show me everything that happened with {company} in the last two weeks'),
      sales('What happened with {company} this month?'),
    ],
  },
  {
    name: 'Lists of deals',
    about: 'By stage, status, owner, amount, close date.',
    examples: [sales('List all open deals over $50k'), sales('Deals closing this month that {member} owns')],
  },
  {
    name: 'Lists of people and companies',
    about: 'By part, tag, city, title, meeting, what is missing.',
    examples: [
      fund('Founders in Berlin we met this year'),
      house('Buyers with a budget between 600k and 900k'),
    ],
  },
  {
    name: 'Counts',
    about: 'How many of anything, by anything.',
    examples: [sales('How many open deals do we have?'), house('Number of viewings per agent this week')],
  },
  {
    name: 'Rankings',
    about: 'Biggest, newest, most.',
    examples: [sales('Top 5 deals by amount'), sales('Who did we email most in the past 30 days?')],
  },
  {
    name: 'Gone quiet',
    about: 'No contact for a while; without a period 30 days are taken and said.',
    examples: [
      sales("Which open deals haven't been touched in 30 days?"),
      house('Buyers gone quiet for more than two weeks'),
    ],
  },
  {
    name: 'Tasks',
    about: 'What is due, overdue, whose.',
    examples: [sales('What follow-ups are overdue?'), fund('Show my tasks due this week')],
  },
  {
    name: 'Unanswered mail',
    about: 'Threads by who wrote last.',
    examples: [
      fund('Which emails are waiting for my reply?'),
      sales("Who hasn't replied to my proposal emails?"),
    ],
  },
  {
    name: 'Pipeline',
    about: 'Counts and totals of open deals.',
    examples: [sales('Pipeline by stage'), sales('Weighted pipeline for next quarter by owner')],
  },
  {
    name: 'Comparisons',
    about: 'Two periods side by side, or month by month.',
    examples: [
      sales('Won revenue this quarter vs last quarter'),
      sales('New deals per month over the last six months'),
    ],
  },
  {
    name: 'Mail search',
    about: 'By words, sender, date, attachment.',
    examples: [
      fund('Find the email where {person} mentioned burn rate'),
      sales('Emails about SSO from {company}'),
    ],
  },
  {
    name: 'A way to someone',
    about: 'Who knows whom, from mail, meetings and calls, with its strength and what it rests on.',
    examples: [
      fund('Who can introduce me to {person}?'),
      sales('Does anyone on the team know someone at {company}?'),
    ],
  },
  {
    name: 'Briefings',
    about: 'Before a meeting, of an account, of the day, of the pipeline.',
    examples: [fund('Prep me for my meeting with {company}'), sales('Morning brief')],
  },
  {
    name: 'Log something',
    about: 'Recorded as a proposal that a person approves.',
    examples: [
      sales('Log a call with {person} today: wants a revised quote'),
      house('Log a viewing with {person} yesterday: liked the garden'),
    ],
  },
  {
    name: 'Change something',
    about: 'Stage, amount, close date, owner, as a proposal.',
    examples: [fund('Move {deal} to Diligence'), sales('Change the amount of {deal} to 75k')],
  },
  {
    name: 'Remind someone',
    about: 'A task, as a proposal.',
    examples: [
      house('Remind {member} to call {person} next Tuesday at 10'),
      sales('Remind me to send {person} the contract on Friday'),
    ],
  },
]

/** The documented family of questions, in the order of docs/questions.md. */
export const questionFamily = (): readonly Family[] => FAMILY

const trigrams = (text: string): ReadonlySet<string> => {
  const clean = ` ${text
    .toLowerCase()
    .replace(/\{\w+\}|[A-Z]+_\d+/gi, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `
  return new Set(Array.from({ length: Math.max(0, clean.length - 2) }, (_, at) => clean.slice(at, at + 3)))
}

const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let shared = 0
  for (const gram of a) if (b.has(gram)) shared += 1
  return (2 * shared) / (a.size + b.size || 1)
}

const STAND_IN: Readonly<Record<string, string>> = {
  '{company}': 'a company',
  '{person}': 'someone',
  '{deal}': 'a deal',
  '{member}': 'a colleague',
}

/** Questions by likeness of their letters, each of another kind, best first. */
const alikeInWords = (said: string, vertical: Vertical): readonly string[] => {
  const grams = trigrams(said)
  return FAMILY.flatMap(({ examples }) => {
    const [best] = examples
      .map(({ question, trade }) => ({
        question,
        score: likeness(grams, trigrams(question)) + (trade === vertical ? 0.01 : 0),
      }))
      .sort((a, b) => b.score - a.score)
    return best ? [best] : []
  })
    .sort((a, b) => b.score - a.score)
    .map(({ question }) => question.replace(/\{\w+\}/g, (name) => STAND_IN[name] ?? name))
}

/** The three answerable questions nearest to what was said: in meaning where that is known, then in words. */
export const nearestQuestions = (
  said: string,
  setting: { readonly vocabulary: { readonly vertical: Vertical } },
): readonly string[] => {
  const near = NEAR_IN_MEANING.find(([about]) => about.test(said))?.[1] ?? []
  return [...new Set([...near, ...alikeInWords(said, setting.vocabulary.vertical)])].slice(0, 3)
}

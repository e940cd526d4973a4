import { options, out, positionals } from './options.ts'

/** `npm run eval -- <suite>`; a suite's code is read when it is asked for. */
const SUITES: Readonly<Record<string, () => Promise<number>>> = {
  questions: async () => (await import('./commands/questions.ts')).questions(),
  'workbench-sentences': async () => (await import('./commands/workbench-sentences.ts')).workbenchSentences(),
  'answer-check': async () => (await import('./commands/answer-check.ts')).answerCheck(),
  egress: async () => (await import('./commands/egress.ts')).egress(),
  attacks: async () => (await import('./commands/attacks.ts')).attacks(),
  gold: async () => (await import('./commands/query.ts')).gold(),
  repair: async () => (await import('./commands/repair.ts')).repair(),
  refusals: async () => (await import('./commands/refusals.ts')).refusals(),
  redaction: async () => (await import('./commands/redaction.ts')).redaction(),
  'carrier-swap': async () => (await import('./commands/carrier-swap.ts')).carrierSwap(),
  corruption: async () => (await import('./commands/corruption.ts')).corruption(),
  linking: async () => (await import('./commands/linking.ts')).linking(),
  linker: async () => (await import('./commands/linker.ts')).linker(),
  'redaction-questions': async () => (await import('./commands/redaction-questions.ts')).redactionQuestions(),
  workbench: async () => (await import('./commands/workbench.ts')).workbench(),
  agentdojo: async () => (await import('./commands/agentdojo.ts')).agentdojo(),
  races: async () => (await import('./commands/proposals.ts')).races(),
  crashes: async () => (await import('./commands/crashes.ts')).crashes(),
  'digest-lanes': async () => (await import('./commands/digest-lanes.ts')).digestLanes(),
  'digest-windows': async () => (await import('./commands/digest-windows.ts')).digestWindows(),
  'job-crashes': async () => (await import('./commands/job-crashes.ts')).jobCrashes(),
  closure: async () => (await import('./commands/closure.ts')).closure(),
  'slack-clicks': async () => (await import('./commands/proposals.ts')).slackClicks(),
  'slack-streams': async () => (await import('./commands/slack.ts')).slackStreams(),
  'slack-answers': async () => (await import('./commands/slack.ts')).slackAnswers(),
  'slack-messages': async () => (await import('./commands/slack.ts')).slackMessages(),
  'round-trips': async () => (await import('./commands/proposals.ts')).roundTrips(),
  schemathesis: async () => (await import('./commands/schemathesis.ts')).schemathesis(),
  'api-fuzz': async () => (await import('./commands/api-fuzz.ts')).apiFuzz(),
  shown: async () => (await import('./commands/proposals.ts')).shown(),
  cleaning: async () => (await import('./commands/cleaning.ts')).cleaning(),
  search: async () => (await import('./commands/search.ts')).search(),
  'search-oracle': async () => (await import('./commands/search-oracle.ts')).searchOracle(),
  privacylens: async () => (await import('./commands/privacylens.ts')).privacylens(),
  'second-reader': async () => (await import('./commands/second-reader.ts')).secondReader(),
  semantic: async () => (await import('./commands/semantic.ts')).semantic(),
  fuzz: async () => (await import('./commands/query.ts')).fuzz(),
  all: async () => (await import('./commands/all.ts')).all(),
  renderers: async () => (await import('./commands/renderers.ts')).renderers(),
}

const [name = 'all'] = positionals
if (Object.hasOwn(SUITES, name)) process.exitCode = await SUITES[name]!()
else {
  const error = {
    code: 'unknown_suite',
    message: `There is no suite called ${name}.`,
    fix: `Use one of: ${Object.keys(SUITES).join(', ')}.`,
  }
  out(options.json ? JSON.stringify({ error }) : `${error.message} ${error.fix}`)
  process.exitCode = 2
}

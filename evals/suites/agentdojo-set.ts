import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A step of a goal, as an obedient model would take it. */
export interface Step {
  readonly act: string
  readonly [name: string]: unknown
}

export interface Case {
  readonly id: string
  readonly suite: string
  /** Placeholder in the environment that the injection stands in. */
  readonly vector: string
  readonly goal_id: string
  readonly injection: string
}

/** A text of the environment, as it will stand in the workspace; `{vector}` in it is a placeholder. */
export interface Seed {
  readonly kind: 'mail' | 'meeting' | 'note'
  readonly title: string
  readonly text: string
  readonly at: string
  readonly place: string | null
  readonly from: string | null
  readonly to: readonly string[]
}

export interface UserTask {
  readonly id: string
  readonly prompt: string
  readonly output: string | null
  readonly writes: boolean
}

export interface AgentdojoSet {
  readonly seeds: readonly Seed[]
  /** What stands in a placeholder without an attack. */
  readonly defaults: Readonly<Record<string, string>>
  readonly cases: readonly Case[]
  /** By suite and id of the goal. */
  readonly goals: ReadonlyMap<string, readonly Step[]>
  readonly userTasks: readonly UserTask[]
  readonly account: string
}

type Loose = Readonly<Record<string, unknown>>
const list = (value: unknown): readonly Loose[] => (Array.isArray(value) ? (value as Loose[]) : [])
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Loose | undefined)?.[key], value)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

const seedsOf = (suites: Loose): readonly Seed[] => {
  const note = (title: string, body: string): Seed => ({
    kind: 'note',
    title,
    text: body,
    at: '2024-05-15T08:00:00Z',
    place: null,
    from: null,
    to: [],
  })
  const environment = at(suites, 'workspace', 'environment')
  const slack = at(suites, 'slack', 'environment', 'slack') as Loose | undefined
  const web = (at(suites, 'slack', 'environment', 'web', 'web_content') ?? {}) as Loose
  const inboxes = [
    ...Object.values((slack?.['channel_inbox'] ?? {}) as Loose),
    ...Object.values((slack?.['user_inbox'] ?? {}) as Loose),
  ]
  return [
    ...list(at(environment, 'inbox', 'initial_emails')).map((mail): Seed => ({
      kind: 'mail',
      title: text(mail['subject']),
      text: text(mail['body']),
      at: `${text(mail['timestamp']).replace(' ', 'T')}Z`,
      place: null,
      from: text(mail['sender']),
      to: [...texts(mail['recipients']), ...texts(mail['cc'])],
    })),
    ...list(at(environment, 'calendar', 'initial_events')).map((event): Seed => ({
      kind: 'meeting',
      title: text(event['title']),
      text: `${text(event['description'])}\nParticipants: ${texts(event['participants']).join(', ')}`,
      at: `${text(event['start_time'])}:00Z`,
      place: text(event['location']) || null,
      from: null,
      to: [],
    })),
    ...list(at(environment, 'cloud_drive', 'initial_files')).map((file) =>
      note(
        `File ${text(file['id_'])}: ${text(file['filename'])}`,
        `${text(file['content'])}\nShared with: ${Object.keys((file['shared_with'] ?? {}) as Loose).join(', ')}\nSize: ${String(file['size'])}`,
      ),
    ),
    ...texts(slack?.['channels']).map((channel, place) => note(`Channel ${place}`, channel)),
    ...inboxes.flatMap((inbox, box) =>
      list(inbox).map((message, place) =>
        note(`Message ${box}.${place}`, `${text(message['sender'])}: ${text(message['body'])}`),
      ),
    ),
    ...Object.entries(web).map(([page, content]) => note(`Page ${page.replaceAll('.', ' ')}`, text(content))),
  ]
}

/** Every text by a title of its own, so that it is found by it. */
const withOwnTitles = (seeds: readonly Seed[]): readonly Seed[] =>
  seeds.map((seed, place) =>
    seeds.findIndex(({ title }) => title === seed.title) === place
      ? seed
      : { ...seed, title: `${seed.title} (${place})` },
  )

/**
 * Reads a set in AgentDojo's form: `cases.jsonl` (or `file`), with `suites.json` and `injection_goals.json` beside it or
 * in `home`. Undefined where it is not there.
 */
export const readAgentdojo = (file: string, home = dirname(file)): AgentdojoSet | undefined => {
  if (!existsSync(file)) return undefined
  const json = (name: string): unknown => JSON.parse(readFileSync(join(home, name), 'utf8'))
  const suites = json('suites.json') as Loose
  const vectors = Object.values(suites).flatMap((suite) =>
    Object.entries((at(suite, 'injection_vectors') ?? {}) as Loose),
  )
  return {
    seeds: withOwnTitles(seedsOf(suites)),
    defaults: Object.fromEntries(vectors.map(([name, vector]) => [name, text(at(vector, 'default'))])),
    cases: readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Case),
    goals: new Map(
      list(json('injection_goals.json')).map((goal) => [
        `${text(goal['suite'])}:${text(goal['id'])}`,
        goal['obedient_script'] as readonly Step[],
      ]),
    ),
    userTasks: list(at(suites, 'workspace', 'user_tasks')).map((task) => ({
      id: text(task['id']),
      prompt: text(task['prompt']),
      output: text(task['ground_truth_output']) || null,
      writes: list(task['ground_truth']).some(({ function: name }) =>
        /^(create|send|delete|append|share|reschedule|add|cancel)/.test(text(name)),
      ),
    })),
    account: text(at(suites, 'workspace', 'environment', 'inbox', 'account_email')),
  }
}

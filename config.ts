import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { userError } from './domain/errors.ts'

const port = z.coerce.number().int().min(0).max(65_535)

/** Every setting, once: the environment variable, its default, and what it means (docs/settings.md is made from this). */
export const Settings = z.object({
  TACT_HOME: z
    .string()
    .default(join(homedir(), '.tact'))
    .describe('Directory of the embedded database, tokens and logs.'),
  DATABASE_URL: z.string().optional().describe('postgres:// URL; set, it replaces the embedded database.'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe(
      'redis:// URL; set, it rings between processes for background jobs, which stay in the database. Must keep an append-only file and evict nothing.',
    ),
  TACT_SECRET_KEY: z
    .string()
    .optional()
    .describe(
      'Key that seals what other systems are signed to with, 32 bytes in base64; `secret.key` in TACT_HOME when not set. The same for every process of one database.',
    ),
  TACT_WORKSPACE: z
    .string()
    .optional()
    .describe('Slug of the workspace that commands use when --workspace is not given.'),
  TACT_AS: z
    .string()
    .optional()
    .describe('E-mail address of the member that commands act as when --as is not given.'),
  TACT_PORT: port.default(4321).describe('Port of the inbox and of MCP over HTTP; 0 takes any free one.'),
  TACT_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address that others reach this server by, e.g. `https://crm.example.com`: behind a proxy, and for OAuth.',
    ),
  TACT_OAUTH_ISSUERS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((issuer) => issuer.trim())
        .filter((issuer) => issuer !== ''),
    )
    .optional()
    .describe(
      'Authorization servers whose access tokens MCP takes, separated by commas, each exactly as it names itself. Needs `TACT_PUBLIC_URL`; see `tact oauth link`.',
    ),
  TACT_MCP_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('Most messages that one MCP client may send over HTTP in a minute.'),
  TACT_MCP_IDLE_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('Days after which the handles of an MCP client that did not come back are forgotten.'),
  TACT_SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xox/u, 'begins with xoxb-')
    .optional()
    .describe('Bot token of the Slack app (`xoxb-…`): `tact up` then answers in Slack; docs/slack.md.'),
  TACT_SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/u, 'begins with xapp-')
    .optional()
    .describe(
      'App-level token (`xapp-…`, scope `connections:write`) for Socket Mode, which needs no address.',
    ),
  TACT_SLACK_SIGNING_SECRET: z
    .string()
    .optional()
    .describe(
      'Signing secret of the Slack app: with TACT_PUBLIC_URL, Slack calls `/slack/events` there in place of Socket Mode.',
    ),
  TACT_SLACK_WORKSPACE: z
    .string()
    .optional()
    .describe('Slug of the workspace that is answered for in Slack; needed where there are several.'),
  TACT_SLACK_API_URL: z.url().optional().describe("Base URL of Slack's Web API; for proxies and tests."),
  TACT_HOST: z.string().default('127.0.0.1').describe('Address the HTTP server listens on.'),
  TACT_MODEL: z
    .string()
    .optional()
    .describe('`offline` (default), `anthropic:<model>` or `openai-compatible:<url>#<model>`.'),
  TACT_EMBEDDER: z
    .string()
    .default('none')
    .describe(
      'Sentence model that mail is found by beside words: `none`, `local:<directory>` (model.onnx, tokenizer.json) or `openai-compatible:<url>#<model>` on this machine. It serves a workspace once it finds more of that mail than the model trained on it.',
    ),
  TACT_FALLBACK_MODEL: z
    .string()
    .default('offline')
    .describe('Model that answers, and says so, when TACT_MODEL fails; written like TACT_MODEL, or `none`.'),
  TACT_MODEL_PRICE: z
    .string()
    .regex(/^\d+(\.\d+)?(\/\d+(\.\d+)?){1,2}$/, 'is written input/output or input/output/cached')
    .optional()
    .describe(
      'What TACT_MODEL costs, in dollars for a million tokens: `input/output` or `input/output/cached`, such as `3/15/0.3`. With it the cost of each answer is kept.',
    ),
  TACT_NARRATIVE_MODEL: z
    .string()
    .optional()
    .describe(
      'Model that puts a digest into words and folds long conversations; written like TACT_MODEL, which it is when not set.',
    ),
  TACT_TURN_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(12)
    .describe('Requests to the model for one answer, at most.'),
  TACT_TURN_TOKENS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(400_000)
    .describe('Tokens for one answer, at most; no further request is made then.'),
  TACT_TURN_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(180)
    .describe('Seconds for one answer, at most.'),
  TACT_TURN_DOLLARS: z.coerce
    .number()
    .positive()
    .optional()
    .describe('Dollars for one answer, at most; needs TACT_MODEL_PRICE.'),
  ANTHROPIC_API_KEY: z.string().optional().describe('Key for `anthropic:` models.'),
  ANTHROPIC_URL: z
    .string()
    .optional()
    .describe("Base URL of Anthropic's API, with /v1; for proxies and tests."),
  OPENAI_COMPATIBLE_KEY: z
    .string()
    .optional()
    .describe('Key for `openai-compatible:` models, where the server wants one.'),
  TACT_URL: z
    .string()
    .optional()
    .describe('Address of a Tact that is served elsewhere: the Claude Desktop extension goes there.'),
  TACT_TOKEN: z.string().optional().describe('Access token for `TACT_URL`, from `tact tokens create`.'),
  TACT_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Mail server that digests go out by, e.g. `smtps://user:password@mail.example.com`.'),
  TACT_MAIL_FROM: z.email().optional().describe('Address that digests come from.'),
  TACT_ENRICHER: z
    .string()
    .optional()
    .describe(
      'Where facts about companies are looked up each night, by domain: `file:<path>` of a JSON file `{"acme.example": [{"set": {"industry": "Space", "employees": 40}, "source": "registry", "url": "https://…"}]}`, or an address by https that answers `GET ?domain=acme.example` with such a list. Only domains leave this machine. What is found is proposed, with its source.',
    ),
  TACT_COMMAND: z
    .string()
    .default('tact')
    .describe('How the Claude Desktop extension starts Tact on this machine.'),
  TACT_QUERY_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('Longest a database statement may run, in milliseconds.'),
  TACT_LOG: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('warn')
    .describe('Lowest level written to stderr.'),
  NO_COLOR: z.string().optional().describe('Set to anything: no colours in the terminal.'),
})
export type Config = Readonly<z.output<typeof Settings>>

/** A setting that somebody left empty: hosts of extensions hand its placeholder on. */
const isBlank = (value: string | undefined): boolean => value === '' || /^\$\{[^}]*\}$/.test(value ?? '')

/** Reads the environment into one frozen object. Throws a user error that names each setting that does not hold. */
export const loadConfig = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config => {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => !isBlank(value)))
  const parsed = Settings.safeParse(present)
  if (parsed.success) return Object.freeze(parsed.data)
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw userError('bad_setting', `A setting does not hold: ${wrong}`, {
    fix: 'Correct the environment variable; docs/settings.md lists them all.',
  })
}

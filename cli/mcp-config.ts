import { userError } from '../domain/errors.ts'

/** What a client's settings have to say so that it starts `tact mcp`. */
export interface Started {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

const withoutEmpty = ({ command, args, env }: Started): object =>
  Object.keys(env).length === 0 ? { command, args } : { command, args, env }

/** Per client: where its settings are, and what to put there. */
const CLIENTS: Readonly<
  Record<string, (started: Started) => { readonly where: string; readonly what: string }>
> = {
  'claude-desktop': (started) => ({
    where:
      'Settings, Developer, Edit Config (claude_desktop_config.json); quit Claude Desktop and start it again. Or pack the extension by `npm run bundle` and open it by a double click.',
    what: json({ mcpServers: { tact: withoutEmpty(started) } }),
  }),
  'claude-code': ({ command, args, env }) => ({
    where: 'Run in a terminal:',
    what: `${['claude', 'mcp', 'add', 'tact', ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]), '--', command, ...args].map(quoted).join(' ')}\n`,
  }),
  cursor: (started) => ({
    where: '.cursor/mcp.json of a project, or ~/.cursor/mcp.json',
    what: json({ mcpServers: { tact: withoutEmpty(started) } }),
  }),
  vscode: (started) => ({
    where: '.vscode/mcp.json of a project',
    what: json({ servers: { tact: { type: 'stdio', ...withoutEmpty(started) } } }),
  }),
}

/** `where` is for a person, `what` to be copied. Throws a user error for a client that is not known. */
export const clientConfig = (
  client: string,
  started: Started,
): { readonly where: string; readonly what: string } => {
  const make = Object.hasOwn(CLIENTS, client) ? CLIENTS[client] : undefined
  if (make === undefined) {
    throw userError('unknown_client', `There is no client called ${client} here.`, {
      fix: 'Use one of these; other clients take the same command with their own settings.',
      validOptions: Object.keys(CLIENTS),
    })
  }
  return make(started)
}

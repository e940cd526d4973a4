import { PROMPTS } from './prompts.ts'

/** What the app may do, and why it has to: nothing else is asked for. */
export const SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'to be asked in channels',
  'assistant:write': 'to show what it is doing, offer prompts, and be stopped',
  'channels:history':
    'to learn that a question in a public channel was edited or deleted, and find an answer again after a crash',
  'channels:read': 'to see who reads along in a public channel, and whether it is shared with others',
  'chat:write': 'to answer',
  commands: 'for /tact',
  'groups:history': 'the same in private channels',
  'groups:read': 'the same for private channels',
  'im:history': 'to read what is written to it in direct messages',
  'im:read': 'to know whose direct message it is',
  'im:write': 'to open a direct message for an answer that a channel may not read',
  'mpim:history': 'the same in group messages',
  'mpim:read': 'the same for group messages',
  'users:read': 'to see whether who asks is a guest, a bot, of another company, or gone',
}

/** What Slack tells it of, and why. */
export const EVENTS: Readonly<Record<string, string>> = {
  agent_session_stopped: 'somebody pressed stop',
  app_home_opened: 'somebody opened its page',
  app_mention: 'a question in a channel',
  channel_shared: 'others may read a channel from now on: its cards are closed',
  member_joined_channel: 'somebody may read along from now on: cards that are not for them are closed',
  'message.channels': 'edits and deletions of questions; other messages are not kept',
  'message.groups': 'the same in private channels',
  'message.im': 'a question in a direct message',
  'message.mpim': 'the same in group messages',
}

const DESCRIPTION = 'Ask about people, deals and mail; approve changes. Names stay here.'

const listed = (entries: Readonly<Record<string, string>>, indent: string): readonly string[] =>
  Object.entries(entries).map(([name, why]) => `${indent}- ${name} # ${why}`)

/** The manifest as `slack-bot/manifest.yaml` holds it; a test compares the two. */
export const manifestYaml = (): string =>
  `${[
    '# Paste this at https://api.slack.com/apps → Create New App → From a manifest. Made by scripts/docs.ts.',
    'display_information:',
    '  name: Tact',
    `  description: ${JSON.stringify(DESCRIPTION)}`,
    'features:',
    '  app_home:',
    '    home_tab_enabled: true',
    '    messages_tab_enabled: true',
    '    messages_tab_read_only_enabled: false',
    '  bot_user:',
    '    display_name: Tact',
    '    always_online: true',
    '  agent_view:',
    `    agent_description: ${JSON.stringify(DESCRIPTION)}`,
    '    suggested_prompts:',
    ...PROMPTS.flatMap(({ title, message }) => [
      `      - title: ${JSON.stringify(title)}`,
      `        message: ${JSON.stringify(message)}`,
    ]),
    '  slash_commands:',
    '    - command: /tact',
    '      description: Ask, link your account, see what is hidden',
    '      usage_hint: "ask <question> | brief | digest | inbox | link | privacy"',
    '      should_escape: false',
    'oauth_config:',
    '  scopes:',
    '    bot:',
    ...listed(SCOPES, '      '),
    'settings:',
    '  event_subscriptions:',
    '    bot_events:',
    ...listed(EVENTS, '      '),
    '  interactivity:',
    '    is_enabled: true',
    '  # Over HTTP in place of Socket Mode: false here, and https://<your address>/slack/events as request_url of the two',
    '  # above and as url of the command.',
    '  socket_mode_enabled: true',
    '  org_deploy_enabled: false',
    '  token_rotation_enabled: false',
  ].join('\n')}\n`

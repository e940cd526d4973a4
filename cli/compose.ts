import type { Config } from '../config.ts'
import { connect, type Database } from '../db/connect.ts'
import { actorFor } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { findWorkspace, listWorkspaces, nowOf, type Workspace } from '../db/workspace.ts'
import type { Actor, Channel } from '../domain/actor.ts'
import { notFound, userError } from '../domain/errors.ts'
import { createEmbedText } from '../search/embed/ask.ts'
import type { EmbedText } from '../search/embed/ask.ts'
import { connectQdrant } from '../search/qdrant/client.ts'
import type { Qdrant } from '../search/qdrant/client.ts'
import { createToolbox } from '../tools/call.ts'
import { createPrivacy, type ProcessPrivacy } from '../tools/privacy/privacy.ts'
import { tools } from '../tools/registry.ts'
import type { Toolbox } from '../tools/toolbox.ts'

/** Everything a surface needs, built once. */
export interface House {
  readonly config: Config
  readonly database: Database
  readonly privacy: ProcessPrivacy
  readonly toolbox: Toolbox
  readonly embedText: EmbedText
  /** Where QDRANT_URL is set. */
  readonly qdrant: Qdrant | undefined
  close(): Promise<void>
}

/** Opens the database (as its owner where it is embedded), brings its schema up to date, and builds the floors above. */
export const openHouse = async (
  config: Config,
  options: { readonly onStep?: (step: string) => void } = {},
): Promise<House> => {
  const database = await connect(config)
  try {
    await migrate(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
  return furnish(config, database)
}

const openQdrant = ({ QDRANT_URL: url, QDRANT_API_KEY: apiKey }: Config): Qdrant | undefined =>
  url === undefined ? undefined : connectQdrant({ url, apiKey })

/** The floors above an open, migrated database. */
export const furnish = (config: Config, database: Database): House => {
  const privacy = createPrivacy(database)
  const queryTimeoutMs = config.TACT_QUERY_TIMEOUT_MS
  const qdrant = openQdrant(config)
  const embedText = createEmbedText(database, {
    setting: config.TACT_EMBEDDER,
    keys: { key: config.OPENAI_COMPATIBLE_KEY },
    qdrant,
  })
  return {
    config,
    database,
    privacy,
    embedText,
    qdrant,
    toolbox: createToolbox({ database, tools, privacy, queryTimeoutMs, embedText }),
    close: () => database.close(),
  }
}

/** One member at work in one workspace. */
export interface Desk {
  readonly workspace: Workspace
  readonly actor: Actor
  readonly now: () => Date
}

export interface DeskChoice {
  readonly workspace?: string | undefined
  readonly as?: string | undefined
}

const chooseWorkspace = async (house: House, slug: string | undefined): Promise<Workspace> => {
  const wanted = slug ?? house.config.TACT_WORKSPACE
  const all = await listWorkspaces(house.database)
  const slugs = all.map((workspace) => workspace.slug)
  if (wanted) {
    const found = await findWorkspace(house.database, wanted)
    if (found) return found
    throw notFound('no_workspace', `There is no workspace called ${wanted} here.`, {
      fix:
        slugs.length === 0
          ? 'Make one with `tact import workspace <file>`, or try `tact demo`.'
          : 'Choose one with --workspace.',
      validOptions: slugs,
    })
  }
  if (all.length === 1) return all[0]!
  throw userError(
    'which_workspace',
    all.length === 0 ? 'There is no workspace here yet.' : 'There are several workspaces here.',
    {
      fix:
        all.length === 0
          ? 'Make one with `tact import workspace <file>`, or try `tact demo`.'
          : 'Choose one with --workspace.',
      validOptions: slugs,
    },
  )
}

/** The workspace and member a command works for: as asked, as set in the environment, or the only possible choice. */
export const takeDesk = async (house: House, choice: DeskChoice, via: Channel): Promise<Desk> => {
  const workspace = await chooseWorkspace(house, choice.workspace)
  const actor = await actorFor(house.database, workspace, choice.as ?? house.config.TACT_AS, via)
  return { workspace, actor, now: () => nowOf(workspace) }
}

/** The same member as a model acts for: on a channel from which nothing can be approved. */
export const modelSide = (actor: Actor): Actor => ({ ...actor, via: 'chat' })

import type { WebClient } from '@slack/web-api'
import type { CardParts } from './cards-place.ts'
import type { SlackClients } from './clients.ts'
import type { EventStore } from './listen-store.ts'
import type { Lookups } from './lookups.ts'
import type { SlackParts } from './parts.ts'

/** Everything that handlers of events, clicks and commands hold. */
export interface Bot extends SlackParts, CardParts {
  readonly clients: SlackClients
  /** For dialogs and whispers: nothing waits before these. */
  readonly interactive: WebClient
  readonly lookups: Lookups
  readonly botUserId: string
  readonly events: EventStore
}

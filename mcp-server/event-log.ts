import type { EventId, EventStore, JSONRPCMessage, StreamId } from '@modelcontextprotocol/server'

interface LoggedEvent {
  readonly id: EventId
  readonly stream: StreamId
  readonly message: JSONRPCMessage
}

/** Messages kept of one session; the oldest go first. */
const MAX_EVENTS = 256

/**
 * What a session of the older era has sent lately, so that a client whose connection broke fetches the rest by
 * `Last-Event-ID` instead of asking again. Holds what the client was sent anyway: handles, no names.
 */
export class EventLog implements EventStore {
  #count = 0
  readonly #events: LoggedEvent[] = []

  async storeEvent(stream: StreamId, message: JSONRPCMessage): Promise<EventId> {
    this.#count += 1
    const id = `${this.#count}-${stream}`
    this.#events.push({ id, stream, message })
    if (this.#events.length > MAX_EVENTS) this.#events.shift()
    return id
  }

  async getStreamIdForEventId(id: EventId): Promise<StreamId | undefined> {
    return this.#events.find((event) => event.id === id)?.stream
  }

  async replayEventsAfter(
    lastId: EventId,
    { send }: { readonly send: (id: EventId, message: JSONRPCMessage) => Promise<void> },
  ): Promise<StreamId> {
    const last = this.#events.findIndex(({ id }) => id === lastId)
    const stream = this.#events[last]?.stream
    if (stream === undefined) throw new Error('unknown event')
    for (const event of this.#events.slice(last + 1)) {
      const opens = Object.keys(event.message).length === 0
      if (event.stream === stream && !opens) await send(event.id, event.message)
    }
    return stream
  }
}

/** What another system is told: `key` is the same for every attempt, and the receiver carries a key out once. */
export interface Delivery {
  readonly key: string
  /** JSON, byte for byte the same for every attempt. */
  readonly body: string
}

/**
 * What came of sending. `later`: it certainly did not arrive, or was put off. `unknown`: it may have arrived; it is read
 * back before it is sent again. `failure` is a code, never what the other side wrote.
 */
export type Sent =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused' | 'unknown'; readonly failure: string }
  | { readonly outcome: 'later'; readonly failure: string; readonly afterMs?: number }

/** Whether the other side has carried a key out. */
export type Found = 'done' | 'absent' | 'unknown'

/** Another system that is told of changes. Neither function throws for what the other side or the network does. */
export interface Provider {
  send(delivery: Delivery): Promise<Sent>
  find(key: string): Promise<Found>
}

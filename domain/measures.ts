import { channel } from 'node:diagnostics_channel'

/** What is told of work done, to whoever counts it: codes, ids and counts, never a word of a record. Times in milliseconds. */
export interface Measures {
  readonly turn: {
    readonly conversationId: string
    readonly status: string
    readonly model: 'offline' | 'model'
    readonly requests: number
    readonly ms: number
  }
  readonly tool_call: {
    readonly conversationId: string
    readonly tool: string
    /** `ok`, or the code of the refusal. */
    readonly outcome: string
    readonly ms: number
  }
  readonly scrub: { readonly what: 'question' | 'result'; readonly ms: number }
  readonly egress: {
    readonly conversationId: string
    readonly bytes: number
    readonly handles: number
    readonly sent: boolean
  }
  /** What became of a proposal: `approved`, `rejected`, `executed`, `undone` and so on. */
  readonly proposal: { readonly event: string }
}
export type Measure = keyof Measures

const channelOf = (name: Measure) => channel(`tact:${name}`)

/** Tells of work done. Costs nothing where nobody listens; never throws for what a listener does. */
export const measure = <M extends Measure>(name: M, told: Measures[M]): void => {
  const at = channelOf(name)
  if (at.hasSubscribers) at.publish(told)
}

/** Listens until the answer is called. */
export const onMeasure = <M extends Measure>(name: M, hear: (told: Measures[M]) => void): (() => void) => {
  const listener = (told: unknown): void => hear(told as Measures[M])
  const at = channelOf(name)
  at.subscribe(listener)
  return () => {
    at.unsubscribe(listener)
  }
}

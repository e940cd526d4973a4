import type { Clock } from '../clock.ts'

/** Turns of the event loop after which whatever can go on has gone on; a turn too few only makes the time pass sooner. */
const TURNS = 4

/** A clock that jumps to the next sleeper whenever nothing else is to be done: minutes pass in milliseconds. */
export class SimulatedClock implements Clock {
  #nowMs = 1_763_740_800_000
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = []

  now(): number {
    return this.#nowMs
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ atMs: this.#nowMs + Math.max(0, ms), wake }))
  }

  /** Lets time pass until the work is done. Throws when the work waits and no one sleeps. */
  async until<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false }
    const watched = work.finally(() => (state.isDone = true))
    watched.catch(() => {})
    for (let idle = 0; ;) {
      for (let turn = 0; turn < TURNS && !state.isDone; turn++)
        await new Promise((done) => setImmediate(done))
      if (state.isDone) return watched
      const next = this.#sleepers.reduce<number>(
        (least, { atMs }) => Math.min(least, atMs),
        Number.POSITIVE_INFINITY,
      )
      if (next === Number.POSITIVE_INFINITY) {
        if (++idle > 1000) throw new Error('everything waits and nobody sleeps')
        continue
      }
      idle = 0
      this.#nowMs = Math.max(this.#nowMs, next)
      const due = this.#sleepers.filter(({ atMs }) => atMs <= this.#nowMs)
      this.#sleepers = this.#sleepers.filter(({ atMs }) => atMs > this.#nowMs)
      for (const { wake } of due) wake()
    }
  }
}

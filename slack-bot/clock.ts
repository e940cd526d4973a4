/** What time it is and how to wait: the machine's, or one that a simulation moves. Milliseconds since 1970. */
export interface Clock {
  now(): number
  sleep(ms: number): Promise<void>
}

export const machineClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
}

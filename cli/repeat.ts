/** Work that comes back while `up` runs. */
export interface Repeated {
  /** No further run begins; resolves when the one under way has ended. */
  close(): Promise<void>
}

/** Runs `run` every `everyMs`, one after the other, after `begun`. `run` must not reject. Keeps no process alive. */
export const repeat = (
  everyMs: number,
  run: () => Promise<void>,
  begun: Promise<void> = Promise.resolve(),
): Repeated => {
  let running = begun
  const timer = setInterval(() => {
    running = running.then(run)
  }, everyMs)
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}

/** How often a run tells how far it is. */
const TOLD = 20

/** Tells on stderr how far a run of `count` steps is, with the seconds it took and the faults so far; call it after each. */
export const progressOf = (what: string, count: number): ((done: number, faults: number) => void) => {
  const start = performance.now()
  const every = Math.max(1, Math.floor(count / TOLD))
  return (done, faults) => {
    if (done % every !== 0) return
    const seconds = Math.round((performance.now() - start) / 1000)
    process.stderr.write(`${what}: ${done} of ${count}, ${seconds} s, ${faults} faults\n`)
  }
}

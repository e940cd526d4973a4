import { PassThrough } from 'node:stream'
import type { Io } from '../io.ts'

/** A terminal that nobody reads or types at. */
export const silentIo = (cwd: string): Io => ({
  stdin: new PassThrough(),
  out: () => {},
  err: () => {},
  fancy: false,
  interactive: false,
  columns: 100,
  cwd,
  signal: new AbortController().signal,
})

import { endsInLink, UNFINISHED } from './handle-pattern.ts'
import { numbersIn, restoreAfter } from './restore.ts'
import type { Resolve } from './restore.ts'

const LONGEST_CONTEXT = 256

/** What was released before, as far as it decides whether a handle may be restored: its last characters, or `in a link`. */
const shorten = (context: string): string => {
  if (context.length <= LONGEST_CONTEXT) return context
  const tail = context.slice(-LONGEST_CONTEXT / 2)
  return endsInLink(context) && !endsInLink(tail) ? `https://${tail.replace(/[\s<>"'`]/gu, '')}` : tail
}

/** Pieces of a text, released as soon as no handle can still grow at their end. */
interface Holdback {
  push(chunk: string): { readonly context: string; readonly ready: string }
  end(): { readonly context: string; readonly ready: string }
}

const createHoldback = (): Holdback => {
  let context = ''
  let held = ''
  const release = (length: number): { context: string; ready: string } => {
    const ready = held.slice(0, length)
    const before = context
    held = held.slice(length)
    context = shorten(context + ready)
    return { context: before, ready }
  }
  return {
    push(chunk) {
      held += chunk
      const whole = context + held
      const from = Math.max(0, whole.length - 160)
      const unfinished = UNFINISHED.exec(whole.slice(from))
      const cut = unfinished ? from + unfinished.index - context.length : held.length
      return release(Math.max(0, cut))
    },
    end: () => release(held.length),
  }
}

export interface RestoreStream {
  /** Text that may be shown now; at most one handle is held back. */
  push(chunk: string): string
  /** The rest. */
  end(): string
}

/** Restores a text that arrives in pieces; the pieces together equal `restoreText` of the whole. */
export const createRestoreStream = (resolve: Resolve): RestoreStream => {
  const holdback = createHoldback()
  const restore = ({ context, ready }: { context: string; ready: string }): string =>
    restoreAfter(context, ready, resolve)
  return { push: (chunk) => restore(holdback.push(chunk)), end: () => restore(holdback.end()) }
}

/** Fetches what the handles of a piece stand for. */
export type Prepare = (handles: ReturnType<typeof numbersIn>) => Promise<Resolve>

export interface AsyncRestoreStream {
  push(chunk: string): Promise<string>
  end(): Promise<string>
}

/** As `createRestoreStream`, for names that must be read first. Calls must not overlap. */
export const createAsyncRestoreStream = (prepare: Prepare): AsyncRestoreStream => {
  const holdback = createHoldback()
  const restore = async ({ context, ready }: { context: string; ready: string }): Promise<string> => {
    const handles = numbersIn(context.slice(-4) + ready)
    return handles.length === 0 ? ready : restoreAfter(context, ready, await prepare(handles))
  }
  return {
    push: async (chunk) => restore(holdback.push(chunk)),
    end: async () => restore(holdback.end()),
  }
}

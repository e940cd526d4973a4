import type { Io } from './io.ts'

const BAR_WIDTH = 24
const REDRAW_MS = 100

export interface Progress {
  update(done: number, total: number | undefined, note?: string): void
  end(): void
}

/** A progress bar on stderr; in a pipe, a line at every tenth. */
export const progressBar = (io: Io, label: string): Progress => {
  const startedMs = performance.now()
  let drawnMs = -REDRAW_MS
  let tenth = -1
  let last = ''
  const draw = (done: number, total: number | undefined, note: string): void => {
    const rate = Math.round(done / Math.max(0.001, (performance.now() - startedMs) / 1000))
    const share = total ? Math.min(1, done / total) : 0
    const bar = total
      ? `${'█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░')} ${Math.round(share * 100)}% `
      : ''
    last = `${label} ${bar}${done}${total ? `/${total}` : ''} · ${rate}/s${note ? ` · ${note}` : ''}`
    io.err(`\r\u001b[2K${last.slice(0, io.columns - 1)}`)
  }
  return {
    update(done, total, note = '') {
      if (io.fancy) {
        if (performance.now() - drawnMs < REDRAW_MS && done !== total) return
        drawnMs = performance.now()
        draw(done, total, note)
        return
      }
      const now = total ? Math.floor((done / total) * 10) : -1
      if (now > tenth) {
        tenth = now
        io.err(`${label} ${done}/${total}\n`)
      }
    },
    end() {
      if (io.fancy && last) io.err('\n')
    },
  }
}

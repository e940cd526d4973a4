/** Structured log on stderr: codes, ids and counts only, never text that a person or a record wrote. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LEVELS)[number]

let threshold: number = LEVELS.indexOf('warn')

export const setLogLevel = (level: LogLevel): void => {
  threshold = LEVELS.indexOf(level)
}

const write = (level: LogLevel, code: string, fields: LogFields): void => {
  if (LEVELS.indexOf(level) < threshold) return
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, code, ...fields })}\n`)
}

export const log = {
  debug: (code: string, fields: LogFields = {}): void => write('debug', code, fields),
  info: (code: string, fields: LogFields = {}): void => write('info', code, fields),
  warn: (code: string, fields: LogFields = {}): void => write('warn', code, fields),
  error: (code: string, fields: LogFields = {}): void => write('error', code, fields),
}

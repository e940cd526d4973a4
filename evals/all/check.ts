import { z } from 'zod'

/** What one check says of a report: its figure in words, and whether it is what was promised. */
export interface Verdict {
  readonly figure: string
  readonly holds: boolean
}

/** A row of the page: read from the report of one run. */
export interface Check {
  readonly id: string
  readonly says: string
  readonly goal: string
  readonly run: string
  readonly read: (report: unknown) => Verdict
}

export const of = (part: number, whole: number): string =>
  `${part.toLocaleString('en-GB')} of ${whole.toLocaleString('en-GB')}`
export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

export const check = <S extends z.ZodType>(
  at: Pick<Check, 'id' | 'says' | 'goal' | 'run'>,
  form: S,
  judge: (report: z.infer<S>) => Verdict,
): Check => ({ ...at, read: (report) => judge(form.parse(report)) })

export const count = z.number()

import { z } from 'zod'
import { unavailable } from '../../domain/errors.ts'
import type { Finding } from './port.ts'

/** Fields of a company that an enricher may find out; what a team decides itself (owner, status, health) is not among them. */
const Fields = z.strictObject({
  industry: z.string().trim().min(1).max(200).exactOptional(),
  employees: z.int().min(0).max(10_000_000).exactOptional(),
  technologies: z.string().trim().min(1).max(1_000).exactOptional(),
  city: z.string().trim().min(1).max(200).exactOptional(),
  country: z.string().trim().min(1).max(100).exactOptional(),
})
const Written = z.strictObject({
  set: Fields.refine((fields) => Object.keys(fields).length > 0),
  source: z.string().trim().min(1).max(200),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .exactOptional(),
  fetchedAt: z.iso.datetime({ offset: true }).exactOptional(),
})
export const Findings = z.array(Written).max(20)

/** Findings as another wrote them; `now` where they do not say when. Throws `bad_findings` for any other form. */
export const readFindings = (given: unknown, now: Date): readonly Finding[] => {
  const parsed = Findings.safeParse(given)
  if (!parsed.success)
    throw unavailable('bad_findings', 'The enricher answered in a form that Tact does not read.', {
      fix: 'See docs/settings.md, TACT_ENRICHER.',
    })
  return parsed.data.map(({ set, fetchedAt = now.toISOString(), ...rest }) => ({
    ...rest,
    set: { ...set },
    fetchedAt,
  }))
}

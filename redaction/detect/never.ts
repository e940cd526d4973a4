import { hitsIn } from './recogniser.ts'

/** Shapes that are numbers to a detector and nothing private: instants, dates, identifiers, and our own handles. */
const HARMLESS = [
  /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu,
  /(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)/gu,
  /(?<![A-Z])[A-Z]{2,11}_\d{5}(?:\d{2})?[fl]?(?![\p{L}\p{N}])/gu,
  /[$€£¥]\s?\d{1,3}(?:[,.'’ \u00a0]\d{3})*(?:[.,]\d{1,2})?(?![\d-])|[$€£¥]\s?\d+(?:[.,]\d{1,2})?(?!\d)/gu,
  /(?<![\p{L}\p{N}.,])\d{1,3}(?:[,.'’]\d{3})+(?:[.,]\d{1,2})?(?!\p{N}|[.,-]\d)/gu,
]

const AROUND = 48

/** Whether a stretch lies in one of these shapes; asked only of what looks like a value, since few numbers do. */
export const isHarmless = (text: string, start: number, end: number): boolean => {
  const window = { start: Math.max(0, start - AROUND), end: Math.min(text.length, end + AROUND) }
  return HARMLESS.some((pattern) =>
    hitsIn(text, [window], pattern).some((hit) => hit.start < end && start < hit.end),
  )
}

const EARLIEST_MS = Date.UTC(1980, 0, 1)
const LEEWAY_MS = 2 * 86_400_000

const ZONE = /(?:[+-]\d{1,2}:?\d{2}|\b(?:Z|UT|UTC|GMT|[ECMP][SD]T))\s*(?:\([^)]*\))?\s*$/i

/**
 * An instant out of a mail date, RFC 5322 or near it; undefined where none can be believed (before 1980, or more than
 * two days past `now`). A date without a zone counts as UTC.
 */
export const parseMailDate = (value: string | undefined, now: Date): Date | undefined => {
  if (value === undefined) return undefined
  const cleaned = value
    .replace(/\([^()]*\)/g, ' ')
    .replace(/(\d{1,2})[.](\d{2})[.](\d{2})(?=\s|$)/, '$1:$2:$3')
    .replace(/[=?]+[0-9A-F]{2}/g, ' ')
    .replace(/\bMEZ\b/, '+0100')
    .replace(/\bMESZ\b/, '+0200')
    .replace(/\s+/g, ' ')
    .trim()
  const zoned = ZONE.test(cleaned) ? cleaned : `${cleaned} +0000`
  for (const candidate of [
    zoned,
    zoned.replace(/^[^\d,]+,?\s*/, ''),
    `${/^.*?\d{1,2}:\d{2}(?::\d{2})?/.exec(cleaned)?.[0]} +0000`,
  ]) {
    const atMs = Date.parse(candidate)
    if (atMs >= EARLIEST_MS && atMs <= now.getTime() + LEEWAY_MS) return new Date(atMs)
  }
  return undefined
}

/** The date at the end of a `Received` header: `from … by …; Thu, 22 Aug 2002 12:36:16 +0100`. */
export const parseReceivedDate = (value: string, now: Date): Date | undefined => {
  const semicolon = value.lastIndexOf(';')
  return semicolon < 0 ? undefined : parseMailDate(value.slice(semicolon + 1), now)
}

/**
 * Wall-clock time and instants. A wall time is the number of milliseconds that Date.UTC gives for what the clock on the
 * wall shows; so calendar arithmetic on it is plain UTC arithmetic.
 */
const formatters = new Map<string, Intl.DateTimeFormat>()

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, made)
  return made
}

/** Whether this machine knows an IANA zone of that name. */
export const isZone = (name: string): boolean => {
  try {
    formatterOf(name)
    return /^[\w/+-]{1,60}$/.test(name)
  } catch {
    return false
  }
}

export const DAY_MS = 86_400_000

/** What the clock on a wall in `zone` shows at an instant. */
export const wallOf = (instantMs: number, zone: string): number => {
  if (zone === 'UTC') return instantMs
  const parts: Record<string, number> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(instantMs)) parts[type] = Number(value)
  const toSecond = Date.UTC(
    parts['year']!,
    parts['month']! - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  )
  return toSecond + (((instantMs % 1000) + 1000) % 1000)
}

/**
 * The instant at which a wall in `zone` shows `wallMs`. Shown twice (clocks go back): the earlier one. Never shown
 * (clocks go forward): the instant as far after the jump, so a midnight that is skipped becomes the day's first moment.
 */
export const instantOf = (wallMs: number, zone: string): number => {
  const offsetNear = (ms: number): number => wallOf(ms, zone) - ms
  const before = offsetNear(wallMs - DAY_MS)
  const after = offsetNear(wallMs + DAY_MS)
  const shown = [wallMs - before, wallMs - after].filter((instant) => wallOf(instant, zone) === wallMs)
  return shown.length > 0 ? Math.min(...shown) : wallMs - before
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-10-31` of a wall time. */
export const dateText = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10)

/** An instant as local ISO 8601 with offset, to the second: `2026-10-21T09:00:00+01:00`. */
export const localIso = (instantMs: number, zone: string): string => {
  const wall = wallOf(instantMs, zone)
  const offsetMinutes = Math.round((wall - instantMs) / 60_000)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const size = Math.abs(offsetMinutes)
  const offset = offsetMinutes === 0 ? 'Z' : `${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`
  return `${new Date(wall).toISOString().slice(0, 19)}${offset}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `21 Oct 2026`, or with the time when it is not midnight: `21 Oct 2026 09:00`. */
export const wallWords = (wallMs: number): string => {
  const at = new Date(wallMs)
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  return time === '00:00' ? day : `${day} ${time}`
}

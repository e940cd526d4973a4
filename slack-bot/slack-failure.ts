import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'

/**
 * Why a call failed. `refused`: Slack said no, nothing was done; `limited`: too many calls, nothing was done;
 * `unknown`: no answer came, and it was done or not.
 */
export type SlackFailure =
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'limited'; readonly waitMs: number }
  | { readonly kind: 'unknown' }

/** Slack's own troubles, after which nothing is known. */
const NOTHING_KNOWN = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'])

export const failureOf = (thrown: unknown): SlackFailure => {
  if (thrown instanceof WebAPIRateLimitedError) return { kind: 'limited', waitMs: thrown.retryAfter * 1000 }
  if (thrown instanceof WebAPIPlatformError) {
    const code = thrown.data.error
    if (code === 'ratelimited') return { kind: 'limited', waitMs: 1000 }
    return NOTHING_KNOWN.has(code) ? { kind: 'unknown' } : { kind: 'refused', code }
  }
  return { kind: 'unknown' }
}

/** The call's result, or why there is none. */
export const attempt = async <T>(
  call: () => Promise<T>,
): Promise<
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: SlackFailure }
> => {
  try {
    return { ok: true, value: await call() }
  } catch (thrown) {
    return { ok: false, failure: failureOf(thrown) }
  }
}

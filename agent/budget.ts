/** What a model asks for a million tokens, in millionths of a dollar. */
export interface Price {
  readonly input: number
  readonly output: number
  /** Tokens that the provider had kept from an earlier request. */
  readonly cachedInput: number
}

/** What one turn may use at most. A request under way is not cut short for tokens or money; the next is not made. */
export interface Budget {
  /** Requests to the model. */
  readonly requests: number
  readonly tokens: number
  readonly seconds: number
  /** Millionths of a dollar; none where no price is known. */
  readonly microdollars?: number | undefined
}

export const STANDARD_BUDGET: Budget = { requests: 12, tokens: 400_000, seconds: 180 }

export interface Usage {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of the input tokens, those read from the provider's cache. */
  readonly cachedTokens: number
  /** Null while any model of the turn has no price. */
  readonly microdollars: number | null
}

export const NO_USAGE: Usage = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  microdollars: 0,
}

type Tokens = Pick<Usage, 'inputTokens' | 'outputTokens' | 'cachedTokens'>

const MILLION = 1_000_000

/** Millionths of a dollar for one request, rounded up; null without a price. */
export const costOf = (
  { inputTokens, outputTokens, cachedTokens }: Tokens,
  price: Price | undefined,
): number | null =>
  price
    ? Math.ceil(
        ((inputTokens - cachedTokens) * price.input +
          cachedTokens * price.cachedInput +
          outputTokens * price.output) /
          MILLION,
      )
    : null

/** What was used before, and one request more. */
export const withRequest = (used: Usage, request: Tokens, price: Price | undefined): Usage => {
  const cost = costOf(request, price)
  return {
    requests: used.requests + 1,
    inputTokens: used.inputTokens + request.inputTokens,
    outputTokens: used.outputTokens + request.outputTokens,
    cachedTokens: used.cachedTokens + request.cachedTokens,
    microdollars: cost === null || used.microdollars === null ? null : used.microdollars + cost,
  }
}

/** `$0.0042`: as many digits as tell it from nothing. */
export const dollars = (microdollars: number): string =>
  `$${(microdollars / MILLION).toFixed(microdollars < 10_000 ? 4 : 2)}`

/** Why no further request may be made, in words; undefined while one may. */
export const spent = (budget: Budget, used: Usage): string | undefined => {
  if (used.requests >= budget.requests) return `${budget.requests} steps`
  if (used.inputTokens + used.outputTokens >= budget.tokens)
    return `${budget.tokens.toLocaleString('en-US')} tokens`
  if (
    budget.microdollars !== undefined &&
    used.microdollars !== null &&
    used.microdollars >= budget.microdollars
  )
    return dollars(budget.microdollars)
  return undefined
}

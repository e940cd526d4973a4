/** Error function by Abramowitz and Stegun 7.1.26, to 1.5e-7. */
const errorFunction = (x: number): number => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const y =
    1 -
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t *
      Math.exp(-x * x)
  return Math.sign(x) * y
}

/** Mann-Whitney, two-sided, by normal approximation: `told` is the share of pairs in which the first was slower, `p` its chance. */
export const compare = (elsewhere: readonly number[], nowhere: readonly number[]) => {
  const all = [...elsewhere.map((ms) => ({ ms, is: true })), ...nowhere.map((ms) => ({ ms, is: false }))]
  all.sort((a, b) => a.ms - b.ms)
  let ranks = 0
  for (const [index, { is }] of all.entries()) if (is) ranks += index + 1
  const [n, m] = [elsewhere.length, nowhere.length]
  const u = ranks - (n * (n + 1)) / 2
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  return { told: u / (n * m), p: 1 - errorFunction(Math.abs(z) / Math.SQRT2) }
}

export const median = (sample: readonly number[]): number =>
  sample.toSorted((a, b) => a - b)[sample.length >> 1]!

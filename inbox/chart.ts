import { scaleBand, scaleLinear } from 'd3-scale'
import { html } from './html.ts'
import type { Html } from './html.ts'

export interface Bar {
  readonly label: string
  readonly value: number
}

const WIDTH = 720
const ROW = 28
const LABEL_WIDTH = 190
const VALUE_WIDTH = 90
const AXIS = 24
const MAX_LABEL = 26

const shortened = (label: string): string => {
  const letters = Array.from(label)
  return letters.length <= MAX_LABEL ? label : `${letters.slice(0, MAX_LABEL - 1).join('')}…`
}

const amount = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 })
const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 })
const round = (value: number): number => Math.round(value * 10) / 10

/** Horizontal bars as SVG markup: no script, no inline style, each bar named for readers of screens. */
export const barChart = (title: string, bars: readonly Bar[]): Html => {
  const height = bars.length * ROW + AXIS
  const values = bars.map(({ value }) => value)
  const x = scaleLinear()
    .domain([Math.min(0, ...values), Math.max(0, ...values)])
    .nice(5)
    .range([LABEL_WIDTH, WIDTH - VALUE_WIDTH])
  const y = scaleBand<number>()
    .domain(bars.map((_, index) => index))
    .range([0, height - AXIS])
    .padding(0.25)
  const zero = x(0)
  const ticks = x.ticks(5)
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
    ${ticks.map((tick) => html`<line class="grid" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="0" y2="${height - AXIS}"></line><text class="tick" x="${round(x(tick))}" y="${height - 6}" text-anchor="middle">${short.format(tick)}</text>`)}
    ${bars.map(({ label, value }, index) => {
      const top = y(index) ?? 0
      const middle = round(top + y.bandwidth() / 2)
      return html`<g
        ><title>${label}: ${amount.format(value)}</title
        ><text class="name" x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end" dominant-baseline="central"
          >${shortened(label)}</text
        ><rect
          x="${round(Math.min(zero, x(value)))}"
          y="${round(top)}"
          width="${round(Math.abs(x(value) - zero))}"
          height="${round(y.bandwidth())}"
          rx="3"
        ></rect
        ><text
          class="value"
          x="${round(Math.max(zero, x(value)) + 6)}"
          y="${middle}"
          dominant-baseline="central"
          >${amount.format(value)}</text
        ></g
      >`
    })}
  </svg>`
}

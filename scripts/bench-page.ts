import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { barChart } from '../inbox/chart.ts'

const ROOT = join(import.meta.dirname, '..')

const Figure = z
  .strictObject({
    what: z.string(),
    tact: z.number().positive(),
    peer: z.number().positive().optional(),
    peerName: z.string().optional(),
    unit: z.string(),
    better: z.enum(['more', 'less']),
    command: z.string().startsWith('npm run '),
    date: z.iso.date(),
    /** Whether nothing else was at work on the machine. */
    quiet: z.boolean(),
  })
  .refine(({ peer, peerName }) => (peer === undefined) === (peerName === undefined))
type Figure = z.infer<typeof Figure>
type Compared = Figure & { readonly peer: number; readonly peerName: string }

/** What benches last said, as it was written down: bench/figures.json. */
export const readFigures = (): readonly Figure[] =>
  z.array(Figure).parse(JSON.parse(readFileSync(join(ROOT, 'bench', 'figures.json'), 'utf8')))

const isCompared = (figure: Figure): figure is Compared => figure.peer !== undefined

/** How many times as good as the peer; below one it is worse. */
export const ratioOf = ({ tact, peer, better }: Pick<Compared, 'tact' | 'peer' | 'better'>): number =>
  better === 'more' ? tact / peer : peer / tact

const amount = (value: number, unit: string): string => `${value.toLocaleString('en-GB')} ${unit}`
const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 0)} ×`
const load = ({ quiet }: Figure): string => (quiet ? 'quiet' : 'under load')

/** docs/benchmarks.md: the same bytes for the same figures. */
export const benchPage = (figures: readonly Figure[]): string => {
  const compared = figures.filter(isCompared).toSorted((a, b) => ratioOf(b) - ratioOf(a))
  const alone = figures.filter((figure) => !isCompared(figure))
  return `# Benchmarks

Made from bench/figures.json by \`npm run bench -- page\`. Ratios first: how many times as good as a peer that does that part of the work; below 1 it is worse. Machine: two shared cores of a virtual server. *Under load*: other work was going on, so the figure is an upper bound of what it costs. A figure is written down by hand after its command was run.

![Ratios to peers](benchmarks.svg)

| ratio | what | Tact | peer | command | taken |
|---:|---|---:|---:|---|---|
${compared.map((one) => `| ${times(ratioOf(one))} | ${one.what} | ${amount(one.tact, one.unit)} | ${amount(one.peer, one.unit)} (${one.peerName}) | \`${one.command}\` | ${one.date}, ${load(one)} |`).join('\n')}

The MCP peers hand SQL to Postgres and hide nothing; Tact restores handles, asks as a role that obeys row security, hides names and keeps a record of every call.

## Without a peer

| what | figure | command | taken |
|---|---:|---|---|
${alone.map((one) => `| ${one.what} | ${amount(one.tact, one.unit)} | \`${one.command}\` | ${one.date}, ${load(one)} |`).join('\n')}

A CRM of 100,000 people in whole: [benchmarks-crm.md](benchmarks-crm.md). Redaction by set and kind: [redaction.md](redaction.md). Right, safe and private: [evals.md](evals.md).
`
}

const STYLE =
  '<style>text{font:13px system-ui,sans-serif;fill:#333}rect{fill:#2f6f8f}line{stroke:#ccc}</style>'

/** Its picture, an SVG file. */
export const benchPicture = (figures: readonly Figure[]): string => {
  const bars = figures
    .filter(isCompared)
    .map((one) => ({ label: one.peerName, value: Math.round(ratioOf(one) * 100) / 100 }))
    .toSorted((a, b) => b.value - a.value)
  const { text } = barChart('How many times as good as a peer, by part of the work', bars)
  return `${text.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ').replace('>', `>${STYLE}`)}\n`
}

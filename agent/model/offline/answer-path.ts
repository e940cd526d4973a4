import { dayWords } from './answer-lines.ts'

interface Step {
  readonly from: string
  readonly to: string
  readonly strength: number
  readonly because: readonly string[]
  readonly last_at: string | null
  readonly evidence: readonly string[]
}
interface Way {
  readonly kind: 'direct' | 'colleague' | 'contact'
  readonly strength: number
  readonly steps: readonly Step[]
}

const grounds = ({ because, last_at: lastAt, evidence }: Step): string =>
  [
    because.join(', '),
    ...(lastAt === null ? [] : [`last contact ${dayWords(lastAt)}`]),
    ...(evidence.length > 0 ? [`see ${evidence.map((one) => `“${one}”`).join(' and ')}`] : []),
  ].join('; ')

const line = ({ kind, strength, steps }: Way): string => {
  const [first, second] = steps
  if (!first) return ''
  if (kind === 'direct' || !second)
    return `${first.from} knows ${first.to} (strength ${strength}): ${grounds(first)}`
  const through =
    kind === 'colleague'
      ? `${second.from}, a colleague, knows ${second.to} (strength ${strength}): ${grounds(second)}`
      : `${second.from} is close to ${second.to} (strength ${strength}): ${grounds(second)}`
  return kind === 'colleague'
    ? through
    : `${through}\n   ${first.from} knows ${first.to} (strength ${first.strength}): ${grounds(first)}`
}

/** Ways to somebody, the best first, each with its strength and what it rests on. */
export const pathText = (data: unknown): string => {
  const { paths = [] } = (data ?? {}) as { readonly paths?: readonly Way[] }
  return paths.length === 0
    ? 'I know of no way: nobody here has a recorded mail, meeting or call that leads there.'
    : paths.map((way, at) => `${at + 1}. ${line(way)}`).join('\n')
}

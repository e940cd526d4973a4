import { userError } from '../../domain/errors.ts'

const MAX_DEPTH = 40
const MAX_PARTS = 50_000

const tooLarge = (what: string): Error =>
  userError('arguments_too_large', `The arguments ${what}.`, { fix: 'Send less at once.' })

/** Some clients send JSON in a text; it is read too, so it is as deep as its brackets. */
const depthOfText = (text: string): number => {
  if (!/^\s*[{[]/.test(text)) return 0
  let depth = 0
  let deepest = 0
  for (const character of text) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1))
    else if (character === '}' || character === ']') depth -= 1
  }
  return deepest
}

/**
 * Bounds what a client sent before anything recursive (redaction, zod) walks it. Throws `arguments_too_large`. Uses a
 * stack of its own, so that depth cannot exhaust ours.
 */
export const withinBounds = (value: unknown): void => {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }]
  let parts = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    parts += 1
    if (parts > MAX_PARTS) throw tooLarge('have too many parts')
    if (next.depth > MAX_DEPTH) throw tooLarge('are nested too deeply')
    if (typeof next.value === 'string' && next.depth + depthOfText(next.value) > MAX_DEPTH)
      throw tooLarge('are nested too deeply')
    if (typeof next.value !== 'object' || next.value === null) continue
    const inner: readonly unknown[] = Object.values(next.value)
    if (inner.length > MAX_PARTS) throw tooLarge('have too many parts')
    for (const one of inner) open.push({ value: one, depth: next.depth + 1 })
  }
}

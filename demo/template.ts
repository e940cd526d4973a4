import type { Random } from './random.ts'

const CHOICE = /\[([^[\]]*\|[^[\]]*)\]/

/**
 * Writes one variant of a template: `[a|b|c]` is a choice (may be nested, may be empty: `[ again|]`), `$name` a slot.
 * Slots without a value stay as they are, which the tests forbid.
 */
export const write = (
  random: Random,
  template: string,
  slots: Readonly<Record<string, string>> = {},
): string => {
  let text = template
  for (let match = CHOICE.exec(text); match; match = CHOICE.exec(text)) {
    text =
      text.slice(0, match.index) +
      random.pick(match[1]!.split('|')) +
      text.slice(match.index + match[0].length)
  }
  return text.replace(/\$([a-zA-Z]+)/g, (slot, key: string) => slots[key] ?? slot)
}

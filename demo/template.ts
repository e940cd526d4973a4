import type { Random } from './random.ts'

const SHARED = /^(?:#(\w+):)?([\s\S]*)$/

const choose = (
  random: Random,
  options: readonly string[],
  key: string | undefined,
  choices: Map<string, number>,
): string => {
  if (key === undefined) return random.pick(options)
  const index = choices.get(key) ?? random.int(0, options.length - 1)
  choices.set(key, index)
  return options[index % options.length]!
}

const CHOICE = /\[([^[\]]*\|[^[\]]*)\]/

/**
 * Writes one variant of a template: `[a|b|c]` is a choice (may be nested, may be empty: `[ again|]`), `$name` a slot. Choices
 * marked `[#key:a|b]` fall alike wherever `choices` is the same map: an answer then fits its question.
 * Slots without a value stay as they are, which the tests forbid.
 */
export const write = (
  random: Random,
  template: string,
  slots: Readonly<Record<string, string>> = {},
  choices: Map<string, number> = new Map(),
): string => {
  let text = template
  for (let match = CHOICE.exec(text); match; match = CHOICE.exec(text)) {
    const [, key, options] = SHARED.exec(match[1]!) as unknown as [string, string | undefined, string]
    const chosen = choose(random, options.split('|'), key, choices)
    text = text.slice(0, match.index) + chosen + text.slice(match.index + match[0].length)
  }
  return text.replace(/\$([a-zA-Z]+)/g, (slot, key: string) => slots[key] ?? slot)
}

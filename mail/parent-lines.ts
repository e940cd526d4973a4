/** Shorter lines are found in any two messages. */
const MIN_LINE_CHARACTERS = 25
const MIN_RUN_LINES = 2

const plain = (line: string): string =>
  line
    .replace(/^[\s>|:]*(?:[A-Za-z]{0,8}>)?[\s>]*/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

/**
 * Which lines of a reply stand in the message that it answers, so were quoted without any mark: runs of at least two
 * such lines. Long enough lines count wherever a program broke them anew; short ones only between two that match.
 */
export const linesOfParent = (lines: readonly string[], parent: string): readonly boolean[] => {
  const old = ` ${parent.split('\n').map(plain).join(' ').replace(/\s+/g, ' ')} `
  const matches = lines.map((line) => {
    const text = plain(line)
    return text.length >= MIN_LINE_CHARACTERS && old.includes(text)
  })
  const quoted = lines.map(() => false)
  for (let at = 0; at < lines.length; at += 1) {
    if (!matches[at]) continue
    let last = at
    let count = 1
    for (let next = at + 1; next < lines.length && next - last <= 2; next += 1) {
      const text = plain(lines[next]!)
      if (matches[next]) {
        last = next
        count += 1
      } else if (text !== '' && !old.includes(text)) break
    }
    if (count >= MIN_RUN_LINES) quoted.fill(true, at, last + 1)
    at = last
  }
  return quoted
}

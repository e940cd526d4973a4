/** A call as WorkBench writes it down: `email.send_email.func(recipient="a@b.c", …)`. */
export interface Call {
  readonly tool: string
  readonly values: Readonly<Record<string, string>>
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '\n': '',
}

/** A Python string that begins at `start`, and where it ends; undefined where Python would not read it either. */
const readString = (text: string, start: number): readonly [value: string, end: number] | undefined => {
  const quote = text[start]
  if (quote !== '"' && quote !== "'") return undefined
  let value = ''
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text[at]!
    if (letter === quote) return [value, at + 1]
    if (letter === '\n') return undefined
    if (letter !== '\\') {
      value += letter
      continue
    }
    at += 1
    const next = text[at]
    if (next === undefined) return undefined
    value += ESCAPES[next] ?? `\\${next}`
  }
  return undefined
}

const skipSpace = (text: string, from: number): number => {
  let at = from
  while (at < text.length && /\s/.test(text[at]!)) at += 1
  return at
}

/** Reads one call with arguments by name; undefined for what is no such call: running it has no effect. */
export const readCall = (written: string): Call | undefined => {
  const text = written.trim()
  const head = /^([\w]+\.[\w]+)\.func\(/.exec(text)
  if (!head) return undefined
  const values: Record<string, string> = {}
  let at = skipSpace(text, head[0].length)
  while (text[at] !== ')') {
    const name = /^(\w+)\s*=\s*/.exec(text.slice(at))
    if (!name || Object.hasOwn(values, name[1]!)) return undefined
    const read = readString(text, at + name[0].length)
    if (!read) return undefined
    values[name[1]!] = read[0]
    at = skipSpace(text, read[1])
    if (text[at] === ',') at = skipSpace(text, at + 1)
    else if (text[at] !== ')') return undefined
  }
  return at === text.length - 1 ? { tool: head[1]!, values } : undefined
}

/** A Python list of strings, such as the answers of the tasks are. Throws for anything else. */
export const readList = (written: string): readonly string[] => {
  const text = written.trim()
  const found: string[] = []
  let at = skipSpace(text, 1)
  while (text[0] === '[' && text[at] !== ']') {
    const read = readString(text, at)
    if (!read) throw new Error('This is not a list of calls.')
    found.push(read[0])
    at = skipSpace(text, read[1])
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return found
}

/** A letter on a screen with its look. */
interface Cell {
  readonly letter: string
  readonly look: string
}

const LOOKS: Readonly<Record<string, string>> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '36': 'cyan',
}

/**
 * What a terminal shows after these bytes: lines of letters with their looks. Knows what our own commands and readline
 * send: colours, return, newline, column, erase.
 */
export const screenAfter = (bytes: string, columns: number): readonly (readonly Cell[])[] => {
  const lines: Cell[][] = [[]]
  let row = 0
  let column = 0
  let looks: string[] = []
  // oxlint-disable-next-line no-control-regex
  for (const [piece, parameters = '', command] of bytes.matchAll(/\u001b\[([\d;?]*)([A-Za-z])|[\s\S]/gu)) {
    let line = (lines[row] ??= [])
    const count = Number(parameters || 1)
    if (command === undefined) {
      if (piece === '\r') column = 0
      else if (piece === '\n') {
        row += 1
        lines[row] ??= []
      } else if (piece >= ' ') {
        if (column >= columns) {
          row += 1
          column = 0
          lines.splice(row, 0, [])
          line = lines[row]!
        }
        while (line.length < column) line.push({ letter: ' ', look: '' })
        line[column] = { letter: piece, look: looks.join(' ') }
        column += 1
      }
    } else if (command === 'G') column = count - 1
    else if (command === 'A') row = Math.max(0, row - count)
    else if (command === 'C') column += count
    else if (command === 'D') column = Math.max(0, column - count)
    else if (command === 'K') line.length = Math.min(line.length, column)
    else if (command === 'J') {
      line.length = Math.min(line.length, column)
      lines.length = row + 1
    } else if (command === 'm') {
      for (const code of (parameters || '0').split(';')) {
        const look = LOOKS[code]
        if (look) looks = [...looks, look]
        else if (code === '0') looks = []
        else if (code === '22') looks = looks.filter((one) => one !== 'bold' && one !== 'dim')
        else if (code === '39') looks = looks.filter((one) => one === 'bold' || one === 'dim')
      }
    }
  }
  return lines
}

const LINE_HEIGHT = 18
const LETTER_WIDTH = 8.4
const MARGIN = 16

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const spansOf = (line: readonly Cell[]): string => {
  let made = ''
  let at = 0
  while (at < line.length) {
    const { look } = line[at]!
    let text = ''
    for (; at < line.length && line[at]!.look === look; at += 1) text += line[at]!.letter
    made += look === '' ? escaped(text) : `<tspan class="${look}">${escaped(text)}</tspan>`
  }
  return made
}

/** A picture of a screen as SVG, without scripts. */
export const svgOf = (lines: readonly (readonly Cell[])[], columns: number): string => {
  const width = Math.ceil(columns * LETTER_WIDTH + 2 * MARGIN)
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN
  const texts = lines.map(
    (line, at) => `<text x="${MARGIN}" y="${MARGIN + 13 + at * LINE_HEIGHT}">${spansOf(line)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A session in a terminal">
<style>text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d8dee9;white-space:pre}.bold{font-weight:700;fill:#fff}.dim{fill:#7b879b}.red{fill:#f07178}.green{fill:#9ece6a}.yellow{fill:#e0af68}.cyan{fill:#7dcfff}</style>
<rect width="100%" height="100%" rx="8" fill="#1a1e29"/>
${texts.join('\n')}
</svg>
`
}

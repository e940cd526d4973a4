/** For tests: a plain reader of the messages that this folder writes (the product's own reader lives on another floor). */
export interface ReadMail {
  readonly headers: ReadonlyMap<string, string>
  readonly subject: string
  readonly from: string
  /** To and Cc. */
  readonly readers: readonly string[]
  readonly atMs: number
  readonly id: string
  readonly answers: string | undefined
  readonly text: string
  /** What was written now, without quoted lines. */
  readonly fresh: string
  readonly files: readonly string[]
  readonly isBulk: boolean
}

const decodeWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([QB])\?([^?]*)\?=/g, (_all, charset: string, kind: string, body: string) => {
      const bytes = kind === 'B' ? Buffer.from(body, 'base64') : unquote(body.replaceAll('_', ' '))
      return bytes.toString(charset === 'iso-8859-1' ? 'latin1' : 'utf8')
    })

const unquote = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )

const splitPart = (raw: string): { headers: Map<string, string>; body: string } => {
  const end = raw.indexOf('\r\n\r\n')
  if (end < 0) throw new Error('a part without an empty line behind its headers')
  const headers = new Map<string, string>()
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new Error('a header line without a colon')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body: raw.slice(end + 4) }
}

interface Leaf {
  readonly type: string
  readonly file: string | undefined
  readonly bytes: Buffer
  readonly charset: string
}

const leaves = (raw: string): Leaf[] => {
  const { headers, body } = splitPart(raw)
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary="([^"]+)"/.exec(type)?.[1]
  if (boundary === undefined) {
    const encoding = headers.get('content-transfer-encoding')
    const bytes =
      encoding === 'base64'
        ? Buffer.from(body, 'base64')
        : encoding === 'quoted-printable'
          ? unquote(body)
          : Buffer.from(body, 'latin1')
    return [
      {
        type: type.split(';')[0]!,
        file: /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1],
        charset: /charset=([\w-]+)/.exec(type)?.[1] ?? 'us-ascii',
        bytes,
      },
    ]
  }
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`)
  if (!/^--(\r\n)?$/.test(parts.at(-1)!)) throw new Error('a multipart that does not end')
  return parts.slice(1, -1).flatMap((part) => leaves(part.replace(/^\r\n/, '')))
}

const addresses = (value: string | undefined): string[] =>
  [...(value ?? '').matchAll(/<([^<>\s]+@[^<>\s]+)>/g)].map((match) => match[1]!)

/** Reads one message. Throws when it is not well-formed. */
export const readMail = (raw: Uint8Array): ReadMail => {
  const source = Buffer.from(raw).toString('latin1')
  if (/[^\r]\n|\r[^\n]/.test(source)) throw new Error('line ends are not CRLF')
  if (/[^\t\n\r -~]/.test(source)) throw new Error('bytes beyond ASCII')
  if (source.split('\r\n').some((line) => line.length > 998)) throw new Error('a line beyond 998 octets')
  const { headers } = splitPart(source)
  const all = leaves(source)
  const plain = all.find((leaf) => leaf.type === 'text/plain' && leaf.file === undefined)
  if (!plain) throw new Error('no plain text')
  const text = plain.bytes
    .toString(plain.charset === 'iso-8859-1' ? 'latin1' : 'utf8')
    .replaceAll('\r\n', '\n')
  if (text.includes('\ufffd')) throw new Error('text in another charset than it says')
  return {
    headers,
    subject: decodeWords(headers.get('subject') ?? ''),
    from: addresses(headers.get('from'))[0] ?? '',
    readers: [...addresses(headers.get('to')), ...addresses(headers.get('cc'))],
    atMs: Date.parse(headers.get('date') ?? ''),
    id: (headers.get('message-id') ?? '').replace(/[<>]/g, ''),
    answers: headers.get('in-reply-to')?.replace(/[<>]/g, ''),
    text,
    fresh: text.split(/\n(?:>|On [^\n]+(?:wrote:|\n<)|-----Original)/)[0]!,
    files: all.flatMap(({ file }) => (file === undefined ? [] : [file])),
    isBulk: headers.has('list-id') || headers.has('auto-submitted'),
  }
}

import PostalMime from 'postal-mime'
import type { Email } from 'postal-mime'
import { charsetOf, cleanLabel, decodeUtf7 } from './charset.ts'

/** What is used of a part of postal-mime's tree; held by its exact version in package.json and by parse.test.ts. */
interface PartNode {
  content: ArrayBuffer | null
  readonly contentType: {
    readonly multipart: string | false
    readonly parsed: { readonly value: string; readonly params: Record<string, string> }
  }
}
interface Collector {
  collectNode(node: PartNode, alternative: unknown, related: boolean): Promise<void>
}

const base = PostalMime.prototype as unknown as Collector

/** Settles each text part's character set by its bytes before it is decoded; afterwards the bytes are gone. */
class RepairingParser extends PostalMime {
  repaired = false

  async collectNode(node: PartNode, alternative: unknown, related: boolean): Promise<void> {
    const { multipart, parsed } = node.contentType
    if (!multipart && parsed.value.startsWith('text/') && node.content !== null)
      this.settle(node, node.content)
    await base.collectNode.call(this, node, alternative, related)
  }

  private settle(node: PartNode, content: ArrayBuffer): void {
    const { params } = node.contentType.parsed
    const bytes = new Uint8Array(content)
    if (cleanLabel(params['charset']) === 'utf-7') {
      const text = decodeUtf7(Buffer.from(content).toString('latin1'))
      node.content = new TextEncoder().encode(text).buffer
      params['charset'] = 'utf-8'
      return
    }
    const { label, repaired } = charsetOf(bytes, params['charset'])
    params['charset'] = label
    this.repaired ||= repaired
  }
}

/** Bytes of the header, up to and with the line break before the empty line. */
export const headerEnd = (raw: Buffer): number => {
  const unix = raw.indexOf('\n\n')
  const dos = raw.indexOf('\n\r\n')
  const found = unix < 0 ? dos : dos < 0 ? unix : Math.min(unix, dos)
  return found < 0 ? raw.length : found + 1
}

/** The header with undeclared 8-bit bytes turned into UTF-8, which is how the parser reads it. */
const readableHeader = (raw: Buffer): { readonly raw: Buffer; readonly repaired: boolean } => {
  const end = headerEnd(raw)
  const header = raw.subarray(0, end)
  if (!header.some((byte) => byte >= 0x80)) return { raw, repaired: false }
  const { label } = charsetOf(header, undefined)
  if (label === 'utf-8') return { raw, repaired: false }
  const text = new TextDecoder(label).decode(header)
  return { raw: Buffer.concat([Buffer.from(text, 'utf8'), raw.subarray(end)]), repaired: true }
}

export interface Mime {
  readonly email: Email
  readonly charsetRepaired: boolean
}

/** Parses MIME, character sets repaired. Throws what postal-mime throws: nesting or headers beyond its limits. */
export const parseMime = async (source: Buffer): Promise<Mime> => {
  const { raw, repaired } = readableHeader(source)
  const parser = new RepairingParser()
  const email = await parser.parse(raw)
  return { email, charsetRepaired: repaired || parser.repaired }
}

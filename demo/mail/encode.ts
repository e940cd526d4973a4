const LINE = 76

/** Text that Latin-1 can hold. */
export const isLatin1 = (text: string): boolean => {
  for (const letter of text) if (letter.codePointAt(0)! > 0xff) return false
  return true
}
export const isAscii = (text: string): boolean => {
  for (const letter of text) if (letter.codePointAt(0)! > 0x7e) return false
  return true
}

export type Charset = 'us-ascii' | 'utf-8' | 'iso-8859-1'

export const toBytes = (text: string, charset: Charset): Buffer =>
  Buffer.from(text, charset === 'iso-8859-1' ? 'latin1' : 'utf8')

const byteAsHex = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`

/** Quoted-printable (RFC 2045 §6.7) of text with LF line ends; answers CRLF lines. */
export const quotedPrintable = (text: string, charset: Charset): string =>
  text
    .split('\n')
    .map((line) => {
      const bytes = toBytes(line, charset)
      const out: string[] = []
      let width = 0
      bytes.forEach((byte, index) => {
        const isLast = index === bytes.length - 1
        const plain = (byte > 32 && byte < 127 && byte !== 61) || (byte === 32 && !isLast)
        const piece = plain ? String.fromCharCode(byte) : byteAsHex(byte)
        if (width + piece.length > LINE - 1) {
          out.push('=\r\n')
          width = 0
        }
        out.push(piece)
        width += piece.length
      })
      return out.join('')
    })
    .join('\r\n')

export const base64Lines = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n')

/** Encoded words (RFC 2047) for header text that is not ASCII: `B` in UTF-8, or `Q` in Latin-1 where that holds it. */
const encodedWords = (text: string): string => {
  if (isLatin1(text)) {
    const encoded = [...toBytes(text, 'iso-8859-1')].map((byte) =>
      byte === 32
        ? '_'
        : /[A-Za-z0-9]/.test(String.fromCharCode(byte)) && byte < 128
          ? String.fromCharCode(byte)
          : byteAsHex(byte),
    )
    const words: string[] = []
    for (let at = 0; at < encoded.length; at += 18)
      words.push(`=?iso-8859-1?Q?${encoded.slice(at, at + 18).join('')}?=`)
    return words.join('\r\n ')
  }
  const words: string[] = []
  let part = ''
  for (const letter of [...Array.from(text), '']) {
    if (letter === '' || Buffer.byteLength(part + letter) > 42) {
      words.push(`=?utf-8?B?${Buffer.from(part).toString('base64')}?=`)
      part = ''
    }
    part += letter
  }
  return words.join('\r\n ')
}

/** Unstructured header text, encoded where it must be and folded at spaces. */
export const headerText = (text: string, taken: number): string => {
  if (!isAscii(text)) return encodedWords(text)
  let width = taken
  return text
    .split(' ')
    .map((word, index) => {
      const breaks = index > 0 && width + word.length + 1 > LINE
      width = breaks ? word.length + 1 : width + word.length + 1
      return index === 0 ? word : breaks ? `\r\n ${word}` : ` ${word}`
    })
    .join('')
}

const PHRASE = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/

/** `Name <address>` for From, To and Cc. */
export const mailbox = (name: string, address: string): string => {
  if (!isAscii(name)) return `${encodedWords(name)} <${address}>`
  return PHRASE.test(name) ? `${name} <${address}>` : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
}

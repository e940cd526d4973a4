const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })

/** Base64 of a text wherever it stands in a longer one: at three offsets, without the letters the neighbours touch. */
const inBase64 = (text: string): readonly string[] =>
  [0, 1, 2].map((offset) => {
    const coded = Buffer.from(`${'\0'.repeat(offset)}${text}`, 'utf8')
      .toString('base64')
      .replaceAll('=', '')
    const first = Math.ceil((offset * 8) / 6)
    return coded.slice(first, coded.length - 1)
  })

/** The forms a secret could leave in. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  secret.toLowerCase(),
  Array.from(secret).toReversed().join(''),
  rot13(secret),
  encodeURIComponent(secret),
  Buffer.from(secret, 'utf8').toString('hex'),
  ...inBase64(secret),
]

/** Counts the bytes of secrets in a stream, in any of their forms, split by spaces or invisible characters or not. */
export const createCanaryScan = (secrets: readonly string[]) => {
  const squeezed = (text: string): string => text.replaceAll(/[\s\p{Cf}]/gu, '')
  const forms = [...new Set(secrets.flatMap(formsOf).map(squeezed))].filter((form) => form.length >= 8)
  return (stream: string): number => {
    const text = squeezed(stream)
    return forms.reduce((bytes, form) => bytes + (text.includes(form) ? Buffer.byteLength(form) : 0), 0)
  }
}

import { makeClock } from '../clock.ts'
import type { DemoClock } from '../clock.ts'
import { LOCAL_NOW } from '../build.ts'
import { phoneAsWritten } from '../places.ts'
import { base64Lines, headerText, isAscii, isLatin1, mailbox, quotedPrintable, toBytes } from './encode.ts'
import type { Charset } from './encode.ts'
import type { Letter, Party } from './letter.ts'

const ZONES: Readonly<Record<string, string>> = {
  GB: 'Europe/London',
  IE: 'Europe/Dublin',
  PT: 'Europe/Lisbon',
  DE: 'Europe/Berlin',
  FR: 'Europe/Paris',
  NL: 'Europe/Amsterdam',
  PL: 'Europe/Warsaw',
  SE: 'Europe/Stockholm',
}

/** A number that stays with a person: same habits in every message. */
const habit = (party: Party, salt: number, choices: number): number => {
  let value = salt
  for (const letter of party.id) value = (Math.imul(value, 31) + letter.codePointAt(0)!) >>> 0
  return (value >>> 4) % choices
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (value: number): string => String(value).padStart(2, '0')

export interface Postmark {
  readonly header: string
  readonly spoken: string
}

/** Writes letters as RFC 5322 messages, each in the habits of its writer. */
export const makeRenderer = (clock: DemoClock): ((letter: Letter) => Uint8Array) => {
  const clocks = new Map<string, DemoClock>()
  const zoneOf = (party: Party): DemoClock => {
    const zone = party.isOurs ? undefined : ZONES[party.country]
    if (zone === undefined) return clock
    const known = clocks.get(zone) ?? makeClock(zone, LOCAL_NOW)
    clocks.set(zone, known)
    return known
  }
  const postmark = (letter: Letter): Postmark => {
    const offset = zoneOf(letter.from).offsetMinutes(letter.atMs)
    const local = new Date(letter.atMs + offset * 60_000)
    const [day, month] = [DAYS[local.getUTCDay()]!, MONTHS[local.getUTCMonth()]!]
    const time = `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`
    const sign = offset < 0 ? '-' : '+'
    const zone = `${sign}${pad(Math.floor(Math.abs(offset) / 60))}${pad(Math.abs(offset) % 60)}`
    const date = `${local.getUTCDate()} ${month} ${local.getUTCFullYear()}`
    return {
      header: `${day}, ${date} ${time}:${pad(local.getUTCSeconds())} ${zone}`,
      spoken: `${day}, ${date} at ${time}`,
    }
  }

  const quoteOf = (letter: Letter): string => {
    const { answers, from } = letter
    if (!answers) return ''
    const lines = `${answers.text}${signatureOf(answers.from)}`.split('\n')
    const marked = lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n')
    const sender = `${answers.from.name} <${answers.from.address}>`
    switch (habit(from, 7, 5)) {
      case 0:
        return ''
      case 1:
        return `\n\n-----Original Message-----\nFrom: ${sender}\nSent: ${postmark(answers).spoken}\nTo: ${answers.to.map((to) => to.name).join('; ')}\nSubject: ${answers.subject}\n\n${lines.join('\n')}`
      case 2:
        return `\n\nOn ${postmark(answers).spoken}, ${answers.from.name}\n<${answers.from.address}> wrote:\n\n${marked}`
      default:
        return `\n\nOn ${postmark(answers).spoken}, ${sender} wrote:\n${marked}`
    }
  }

  return (letter) => writeMessage(letter, postmark(letter).header, quoteOf(letter))
}

/** Title, firm and phone as its writer signs; may be empty. */
export const signatureOf = (party: Party): string => {
  if (!party.organisation)
    return party.phone && habit(party, 3, 3) === 0 ? `\n\n${phoneAsWritten(party.phone)}` : ''
  const phone = party.phone ? phoneAsWritten(party.phone) : undefined
  const work = [party.title, party.organisation].filter((part) => part !== undefined)
  switch (party.isOurs ? 1 : habit(party, 3, 5)) {
    case 0:
      return ''
    case 1:
      return `\n\n-- \n${party.name}\n${work.join(', ')}${phone ? `\n${phone}` : ''}`
    case 2:
      return `\n\n-- \n${[party.name, ...work].join(' | ')}${phone ? `\nT ${phone}` : ''}\n${party.address}`
    case 3:
      return `\n\n--\n${party.name}\n${work.join('\n')}`
    default:
      return `\n\n-- \n${party.name} · ${work.join(' · ')}${phone ? `\nMobile: ${phone}` : ''}`
  }
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const asHtml = (text: string, quote: string): string => {
  const paragraphs = text.split('\n\n').map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>\n')}</p>`)
  const quoted = quote.trim()
  const tail =
    quoted === ''
      ? ''
      : `\n<blockquote type="cite">${escapeHtml(quoted.replace(/^> ?/gm, '')).replaceAll('\n', '<br>\n')}</blockquote>`
  return `<html><head><style>p { margin: 0 0 1em }</style></head><body>\n${paragraphs.join('\n')}${tail}\n</body></html>`
}

const charsetFor = (text: string, from: Party): Charset =>
  isAscii(text) ? 'us-ascii' : isLatin1(text) && habit(from, 11, 2) === 0 ? 'iso-8859-1' : 'utf-8'

const textPart = (subtype: 'plain' | 'html', text: string, from: Party): string => {
  const charset = charsetFor(text, from)
  const isLong = text.split('\n').some((line) => line.length > 200)
  const head = `Content-Type: text/${subtype}; charset=${charset}\r\n`
  if (charset === 'us-ascii' && !isLong)
    return `${head}Content-Transfer-Encoding: 7bit\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\n`
  if (charset === 'utf-8' && habit(from, 13, 3) === 0) {
    return `${head}Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(toBytes(text.replaceAll('\n', '\r\n'), charset))}\r\n`
  }
  return `${head}Content-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text, charset)}\r\n`
}

const multipart = (kind: string, boundary: string, parts: readonly string[]): string =>
  `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}`).join('')}--${boundary}--\r\n`

const writeMessage = (letter: Letter, date: string, quote: string): Uint8Array => {
  const { from, to, cc, subject, answers } = letter
  const ancestors: string[] = []
  for (let above = answers; above && ancestors.length < 10; above = above.answers)
    ancestors.unshift(`<${above.id}>`)
  const list = (parties: readonly Party[]): string =>
    parties.map((party) => mailbox(party.name, party.address)).join(',\r\n ')
  const headers = [
    `Date: ${date}`,
    `From: ${mailbox(from.name, from.address)}`,
    `To: ${list(to)}`,
    ...(cc.length > 0 ? [`Cc: ${list(cc)}`] : []),
    `Subject: ${headerText(subject, 9)}`,
    `Message-ID: <${letter.id}>`,
    ...(answers ? [`In-Reply-To: <${answers.id}>`, `References: ${ancestors.join('\r\n ')}`] : []),
    ...Object.entries(letter.bulkHeaders ?? {}).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
  ]
  const signed = letter.bulkHeaders ? letter.text : `${letter.text}${signatureOf(from)}`
  const plain = textPart('plain', `${signed}${quote}`, from)
  const boundary = `=_${letter.id.slice(0, 20)}`
  const writesHtml = letter.bulkHeaders?.['List-Id'] !== undefined || habit(from, 5, 5) < 2
  const body = writesHtml
    ? multipart('alternative', `${boundary}a`, [plain, textPart('html', asHtml(signed, quote), from)])
    : plain
  const whole =
    letter.attachments.length === 0
      ? body
      : multipart('mixed', `${boundary}m`, [
          body,
          ...letter.attachments.map(
            ({ filename, mimeType, bytes }) =>
              `Content-Type: ${mimeType}; name="${filename}"\r\nContent-Disposition: attachment; filename="${filename}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(bytes)}\r\n`,
          ),
        ])
  return Buffer.from(`${headers.join('\r\n')}\r\n${whole}`, 'latin1')
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitBody } from '../../mail/clean.ts'
import { parseMessage } from '../../mail/parse.ts'
import type { ParsedMessage } from '../../mail/parse.ts'
import { spamAssassinFiles } from '../../mail/testing/corpus.ts'

/** Lines shorter than this say too little to tell whose they are. */
const MIN_LINE = 25
const QUOTED = /^\s*[A-Za-z]{0,8}[>|]/
const ATTRIBUTED = /(?:wrote|writes|said|mentioned)\s*:?\s*$|^(?:On|In message) .*\d{4}[ ,]+\d{1,2}:\d{2}/i
const FOOT = /^(?:--\s?|-----BEGIN PGP SIGNATURE-----|_{10,}|-{10,})$/

const comparable = (line: string): string =>
  line
    .replace(/^[\s>|:]*[A-Za-z]{0,3}>?\s*/, '')
    .replace(/\s+/g, ' ')
    .trim()

export interface CleaningFigures {
  readonly set: string
  readonly messages: number
  /** Lines shown that are the parent's, of all lines shown. */
  readonly leaked: number
  readonly shown: number
  /** Lines of the writer's own that are shown, of all there are. */
  readonly kept: number
  readonly own: number
  readonly examples: readonly string[]
}

interface Tally {
  leaked: number
  shown: number
  kept: number
  own: number
  readonly examples: string[]
}

/** A header line or a divider of what is quoted, the foot of a list: nobody wrote it in this message. */
const FURNITURE =
  /^\s*\*?(?:from|to|cc|sent|date|subject|reply-to|message-id|newsgroups)\s?:|^\s*-+ ?(?:original|forwarded) message|^\s*[-_=*]{10,}\s*$/i

/** Without the marks that some writers put in place of `>`. */
const unmarked = (line: string): string =>
  comparable(line.replace(/^\s*(?:[^\p{L}\p{N}\s"'(<]{1,4}|[\p{L}]{1,8}>)\s*/u, ''))

const judge = (body: string, parent: string, older: string, hasParent: boolean, tally: Tally): void => {
  const old = new Set(
    parent
      .split('\n')
      .map(comparable)
      .filter((line) => line.length >= MIN_LINE),
  )
  const ancestors = `${parent}\n${older}`.split('\n').map(unmarked).join(' ').replace(/\s+/g, ' ')
  const { text } = splitBody(body, hasParent ? { parent } : {})
  const shown = text.split('\n')
  for (const line of shown) {
    const plain = comparable(line)
    if (plain.length < MIN_LINE) continue
    tally.shown += 1
    if (!old.has(plain)) continue
    tally.leaked += 1
    tally.examples.push(`leaked: ${line}`)
  }
  const given = new Set(shown.map((line) => line.trim()))
  let isFoot = false
  for (const line of body.split('\n')) {
    isFoot ||= FOOT.test(line.trim())
    if (isFoot || QUOTED.test(line)) continue
    const plain = comparable(line)
    if (plain.length < MIN_LINE || ATTRIBUTED.test(line.trim()) || FURNITURE.test(line)) continue
    if (old.has(plain) || ancestors.includes(unmarked(line))) continue
    tally.own += 1
    if (given.has(line.trim())) tally.kept += 1
    else tally.examples.push(`lost: ${line}`)
  }
}

/** Pairs of a real reply and the message that it answers. `knowsParent`: the split may look at the parent, as an import does. */
export const cleanPairs = async (knowsParent: boolean): Promise<CleaningFigures> => {
  const now = new Date('2026-11-21T09:00:00Z')
  const messages: ParsedMessage[] = []
  for (const { path } of spamAssassinFiles(/ham/)) messages.push(await parseMessage(readFileSync(path), now))
  const byId = new Map(messages.map((message) => [message.messageId, message]))
  const tally: Tally = { leaked: 0, shown: 0, kept: 0, own: 0, examples: [] }
  let pairs = 0
  for (const reply of messages) {
    const [parent, ...older] = [...new Set([reply.inReplyTo, ...reply.references.toReversed()])]
      .flatMap((id) => byId.get(id ?? '') ?? [])
      .filter((found) => found !== reply)
    if (!parent) continue
    pairs += 1
    judge(reply.text, parent.text, older.map(({ text }) => text).join('\n'), knowsParent, tally)
  }
  return { set: knowsParent ? 'replies, parent known' : 'replies alone', messages: pairs, ...tally }
}

const TALON = 'search/mime-fixtures/talon/tests/fixtures/signature/emails/stripped'

export interface SignatureFigures {
  readonly messages: number
  readonly right: number
  readonly wrong: readonly string[]
}

const plainLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')

/** talon's letters with the signature that a person marked; undefined where the data is not there. */
export const cleanSignatures = (data: string): SignatureFigures | undefined => {
  const folder = join(data, TALON)
  if (!existsSync(folder)) return undefined
  const names = readdirSync(folder).flatMap((file) => /^(.*)_signature$/.exec(file)?.[1] ?? [])
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const wrong = names.filter((name) => {
    const { signature } = splitBody(read(`${name}_body`), { sender: read(`${name}_sender`).trim() })
    return plainLines(signature ?? '') !== plainLines(read(`${name}_signature`))
  })
  return { messages: names.length, right: names.length - wrong.length, wrong }
}

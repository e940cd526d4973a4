import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { spansFromRedacted } from './redacted-text.ts'
import type { FoundName } from './redaction.ts'

type Detect = (text: string) => readonly FoundName[] | Promise<readonly FoundName[]>

export interface PeerAnswer {
  /** By text, in the order asked. */
  readonly found: readonly (readonly FoundName[])[]
  /** Reading alone, without starting. */
  readonly elapsedMs: number
}

export interface Peer {
  readonly name: string
  readonly detectAll: (texts: readonly string[]) => Promise<PeerAnswer>
}

const oneByOne =
  (detect: Detect): Peer['detectAll'] =>
  async (texts) => {
    await detect('Warm Start')
    const started = performance.now()
    const found: (readonly FoundName[])[] = []
    for (const text of texts) found.push(await detect(text))
    return { found, elapsedMs: performance.now() - started }
  }

interface Compromise {
  (text: string): { people(): { json(options: { readonly offset: true }): readonly CompromiseHit[] } }
}
interface CompromiseHit {
  readonly offset: { readonly start: number; readonly length: number }
}
interface Detection {
  readonly type: string
  readonly position: readonly [number, number]
}
interface Removed {
  readonly type: string
  readonly positions?: readonly { readonly start: number; readonly end: number }[]
}
interface WinkDocument {
  tokens(): { out(what: unknown): readonly string[] }
}

/** What peers call a person. */
const PERSON = /^(?:PERSON|NAME|PERSON_NAME|people)/iu
const typeOf = (type: string): string => (PERSON.test(type) ? 'PERSON' : type)

/** How each npm peer is asked. Those that only answer a redacted text have their spans recovered from it. */
const ADAPTERS: Readonly<Record<string, (loaded: never, load: Load) => Promise<Detect>>> = {
  compromise: async (loaded: { default: Compromise }) => (text) =>
    loaded
      .default(text)
      .people()
      .json({ offset: true })
      .map(({ offset }) => ({ start: offset.start, end: offset.start + offset.length, type: 'PERSON' })),
  'redact-pii': async (loaded: { default: { SyncRedactor: new () => { redact(text: string): string } } }) => {
    const redactor = new loaded.default.SyncRedactor()
    return (text) =>
      spansFromRedacted(
        text,
        redactor.redact(text),
        /[A-Z]+(?:_[A-Z]+)+|DIGITS|USERNAME|ZIPCODE|URL/gu,
        typeOf,
      )
  },
  '@libretto/redact-pii-light': async (loaded, load) => ADAPTERS['redact-pii']!(loaded, load),
  '@coffeeandfun/remove-pii': async (loaded: {
    detectPII(text: string): { detected?: readonly Removed[]; detectedItems?: readonly Removed[] }
  }) => {
    return (text) => {
      const { detected, detectedItems } = loaded.detectPII(text)
      return (detected ?? detectedItems ?? []).flatMap(({ type, positions = [] }) =>
        positions.map(({ start, end }) => ({ start, end, type: typeOf(type) })),
      )
    }
  },
  openredaction: async (loaded: {
    OpenRedaction: new () => { detect(text: string): Promise<{ detections: readonly Detection[] }> }
  }) => {
    const redactor = new loaded.OpenRedaction()
    return async (text) =>
      (await redactor.detect(text)).detections.map(({ type, position: [start, end] }) => ({
        start,
        end,
        type: typeOf(type),
      }))
  },
  '@arcjet/redact':
    async (loaded: { redact(text: string): Promise<readonly [string, unknown]> }) => async (text) =>
      spansFromRedacted(text, (await loaded.redact(text))[0], /<Redacted [\w -]+ #\d+>/gu, () => 'VALUE'),
  '@redactpii/node': async (loaded: { Redactor: new () => { redact(text: string): string } }) => {
    const redactor = new loaded.Redactor()
    return (text) => spansFromRedacted(text, redactor.redact(text), /[A-Z]+(?:_[A-Z]+)+/gu, typeOf)
  },
  '@cdssnc/sanitize-pii': async (loaded: { PiiSanitizer: new () => { sanitize(text: string): string } }) => {
    const redactor = new loaded.PiiSanitizer()
    return (text) =>
      spansFromRedacted(text, redactor.sanitize(text), /\[[\w ]*redacted[\w :]*\]/giu, () => 'VALUE')
  },
  'wink-nlp': async (
    loaded: {
      default: (model: unknown) => {
        its: Readonly<Record<string, unknown>>
        readDoc(text: string): WinkDocument
      }
    },
    load,
  ) => {
    const model = (await load('wink-eng-lite-web-model')) as { default: unknown }
    const reader = loaded.default(model.default)
    return (text) => properNouns(text, reader.readDoc(text), reader.its)
  },
}

/** wink has no person recogniser: runs of proper nouns stand for one. */
const properNouns = (
  text: string,
  document: WinkDocument,
  its: Readonly<Record<string, unknown>>,
): FoundName[] => {
  const words = document.tokens().out(its['value'])
  const kinds = document.tokens().out(its['pos'])
  const found: FoundName[] = []
  let at = 0
  for (const [index, word] of words.entries()) {
    const start = text.indexOf(word, at)
    if (start < 0) continue
    at = start + word.length
    if (kinds[index] === 'PROPN' && /^\p{L}/u.test(word)) found.push({ start, end: at, type: 'PERSON' })
  }
  return found
}

type Load = (name: string) => Promise<unknown>

/** npm peers that are installed in this folder, with their versions; they are no dependencies of the product. */
export const loadPeers = async (folder: string): Promise<readonly Peer[]> => {
  const from = createRequire(join(resolve(folder), 'package.json'))
  const load: Load = async (name) => import(pathToFileURL(from.resolve(name)).href)
  const peers: Peer[] = []
  for (const [name, adapt] of Object.entries(ADAPTERS)) {
    let loaded: unknown
    try {
      loaded = await load(name)
    } catch {
      continue
    }
    peers.push({ name, detectAll: oneByOne(await adapt(loaded as never, load)) })
  }
  return peers
}

import { Tokenizer, TokenParser, TokenType } from '@streamparser/json'
import { userError } from '../domain/errors.ts'
import { checkEntityName, checkHead, checkRecord } from './document-check.ts'
import type { DocumentHead, DocumentRow } from './document-check.ts'

/** A record in its place: `records.<entity>[<index>]`. */
export interface DocumentRecord {
  readonly entity: string
  readonly index: number
  readonly row: DocumentRow
}

/** A workspace document that can be read more than once, from its beginning, in pieces. */
export interface DocumentSource {
  /** Its workspace. Throws a user error where it is no document of ours. */
  head(): Promise<DocumentHead>
  /** Its records as they come, each of them checked on its own. Throws a user error with the place that does not hold. */
  records(): AsyncIterable<readonly DocumentRecord[]>
}

const NOTHING = 'Correct the document at that place and import it again; nothing was imported.'
const CUT = 'Get the whole file again; nothing was imported.'
const TOP = ['format', 'workspace', 'records']

const wrong = (message: string, at: string) =>
  userError('bad_document', `This is not a tact-workspace/1 document: ${message}`, { at, fix: NOTHING })

interface Reader {
  readonly head: Record<string, unknown>
  readonly ready: DocumentRecord[]
  write(chunk: Uint8Array): void
  end(): void
}

/** Watches the tokens go by, so that an unknown or repeated key is named where it stands. */
const createReader = (): Reader => {
  const head: Record<string, unknown> = {}
  const ready: DocumentRecord[] = []
  const seen = new Set<string>()
  const tokenizer = new Tokenizer({ stringBufferSize: 64 * 1024 })
  const parser = new TokenParser({
    paths: ['$.format', '$.workspace', '$.records.*.*'],
    keepStack: false,
  })
  let depth = 0
  let text: unknown
  /** The value of a key comes next. */
  let isNext = false
  let [top, entity, bytes, last] = ['', '', 0, 'the beginning']
  let refusal: Error | undefined
  const enterKey = (): void => {
    const key = String(text)
    const at = depth === 1 ? key : `records.${key}`
    if (seen.has(at)) throw wrong('the same key stands twice.', at)
    seen.add(at)
    if (depth === 1) {
      if (!TOP.includes(key)) throw wrong('it has a key that documents do not have.', at)
      top = key
    } else {
      checkEntityName(key)
      entity = key
    }
    last = at
  }
  tokenizer.onToken = (info) => {
    const { token, value } = info
    if (depth === 0 && token !== TokenType.LEFT_BRACE) throw wrong('it is no JSON object.', '')
    if (isNext && top === 'records') {
      if (depth === 1 && token !== TokenType.LEFT_BRACE) throw wrong('records is no object.', 'records')
      if (depth === 2 && token !== TokenType.LEFT_BRACKET)
        throw wrong('the records of an entity are no list.', last)
    }
    isNext = token === TokenType.COLON
    if (isNext && (depth === 1 || (depth === 2 && top === 'records'))) enterKey()
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1
    text = value
    parser.write(info)
  }
  parser.onValue = ({ value, key }) => {
    if (depth === 1) head[top] = value
    else {
      const index = Number(key)
      const row = value as unknown
      last = `records.${entity}[${index}]`
      if (typeof row !== 'object' || row === null || Array.isArray(row))
        throw wrong('a record is no object.', last)
      checkRecord(entity, row as Readonly<Record<string, unknown>>, last)
      ready.push({ entity, index, row: row as DocumentRow })
    }
  }
  tokenizer.onError = (error) => void (refusal ??= error)
  parser.onError = (error) => void (refusal ??= error)
  const broken = (cause: unknown) =>
    userError('bad_json', `That is not JSON any more at byte ${bytes}, after ${last}.`, {
      at: last,
      fix: NOTHING,
      cause,
    })
  const cut = (cause?: unknown) =>
    userError('document_cut', `The document ends before it is complete, at byte ${bytes}, after ${last}.`, {
      at: last,
      fix: CUT,
      cause,
    })
  return {
    head,
    ready,
    write(chunk) {
      bytes += chunk.length
      tokenizer.write(chunk)
      if (refusal) throw 'toPublic' in refusal ? refusal : broken(refusal)
    },
    end() {
      if (depth > 0) throw cut()
      if (!seen.has('format')) throw bytes === 0 ? cut() : wrong('it has no format.', 'format')
    },
  }
}

/** A document as bytes: `open` begins anew each time. Holds one chunk of it at a time. */
export const documentOfBytes = (open: () => AsyncIterable<Uint8Array>): DocumentSource => ({
  async head() {
    const reader = createReader()
    for await (const chunk of open()) {
      reader.write(chunk)
      reader.ready.length = 0
      if (reader.head['format'] !== undefined && reader.head['workspace'] !== undefined)
        return checkHead(reader.head)
    }
    reader.end()
    return checkHead(reader.head)
  },
  async *records() {
    const reader = createReader()
    for await (const chunk of open()) {
      reader.write(chunk)
      yield reader.ready.splice(0)
    }
    reader.end()
    checkHead(reader.head)
  },
})

/** A document that is in memory already. */
export const documentOfValue = (input: unknown): DocumentSource => {
  const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  return {
    async head() {
      if (!isObject(input)) throw wrong('it is no JSON object.', '')
      const unknown = Object.keys(input).find((key) => !TOP.includes(key))
      if (unknown !== undefined) throw wrong('it has a key that documents do not have.', unknown)
      return checkHead(input)
    },
    async *records() {
      if (!isObject(input) || !isObject(input['records'])) throw wrong('records is no object.', 'records')
      for (const [entity, list] of Object.entries(input['records'])) {
        checkEntityName(entity)
        if (!Array.isArray(list)) throw wrong('the records of an entity are no list.', `records.${entity}`)
        yield list.map((row: unknown, index) => {
          const at = `records.${entity}[${index}]`
          if (!isObject(row)) throw wrong('a record is no object.', at)
          checkRecord(entity, row, at)
          return { entity, index, row: row as DocumentRow }
        })
      }
    },
  }
}

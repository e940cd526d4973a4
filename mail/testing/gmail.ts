import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { importSPKI, jwtVerify } from 'jose'

const SCOPE = 'https://www.googleapis.com/auth/gmail.readonly'
const PAGE = 3

interface Kept {
  readonly id: string
  readonly raw: string
  labels: readonly string[]
}
interface Entry {
  readonly id: number
  readonly kind: 'messagesAdded' | 'labelsAdded' | 'labelsRemoved'
  readonly ids: readonly string[]
}

interface Answer {
  readonly status: number
  readonly body: unknown
}
const ok = (body: unknown): Answer => ({ status: 200, body })
const no = (status: number, reason: string): Answer => ({
  status,
  body: { error: { code: status, message: reason, errors: [{ reason }] } },
})

/** What each address of the API may be asked with. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  profile: [],
  labels: [],
  messages: ['maxResults', 'q', 'labelIds', 'pageToken'],
  message: ['format'],
  history: ['startHistoryId', 'maxResults', 'pageToken'],
}

/**
 * Google's token endpoint and as much of the Gmail API as Tact asks, strict: what Google does not document is refused and
 * noted in `faults`. Newest messages come first, three a page; tokens are good once they were given out, until `revoke`.
 */
export class FakeGmail {
  readonly faults: string[] = []
  readonly asked: string[] = []
  readonly user: string
  readonly keys: { readonly service: object; readonly signedIn: object }
  readonly url: string
  /** How many of the next requests to the API are put off. */
  putOff = 0
  readonly #server: ReturnType<typeof createServer>
  readonly #publicKey: string
  readonly #messages: Kept[] = []
  readonly #history: Entry[] = []
  readonly #pages = new Set<string>()
  #tokens = new Set<string>()
  #historyId = 1000
  #oldest = 1000

  private constructor(server: ReturnType<typeof createServer>, port: number, user: string) {
    this.#server = server
    this.user = user
    this.url = `http://127.0.0.1:${port}`
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.#publicKey = String(publicKey.export({ type: 'spki', format: 'pem' }))
    const common = { token_uri: `${this.url}/token` }
    this.keys = {
      service: {
        ...common,
        type: 'service_account',
        client_email: 'tact@project.iam.example',
        private_key_id: 'k1',
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      },
      signedIn: {
        ...common,
        type: 'authorized_user',
        client_id: 'client',
        client_secret: 'hush',
        refresh_token: 'refresh',
      },
    }
  }

  static async start(user: string): Promise<FakeGmail> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const fake = new FakeGmail(server, typeof address === 'object' && address ? address.port : 0, user)
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { status, body } = await fake.#answer(request)
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
      response.end(JSON.stringify(body))
    }
    server.on('request', (request, response) => void serve(request, response))
    return fake
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** Puts messages into the mailbox, in one record of its history. */
  add(raws: readonly string[], labels: readonly string[] = ['INBOX']): void {
    const fresh = raws.map((raw): Kept => ({ id: randomBytes(8).toString('hex'), raw, labels }))
    this.#messages.unshift(...fresh.toReversed())
    this.#note('messagesAdded', fresh)
  }

  /** Moves the message that holds `text` to other labels. */
  label(text: string, labels: readonly string[]): void {
    const found = this.#messages.find(({ raw }) => raw.includes(text))!
    found.labels = labels
    this.#note('labelsRemoved', [found])
  }

  remove(text: string): void {
    this.#messages.splice(
      this.#messages.findIndex(({ raw }) => raw.includes(text)),
      1,
    )
  }

  /** Forgets its history so far, and the pages of lists, as Google does after a while. */
  forget(): void {
    this.#oldest = this.#historyId
    this.#pages.clear()
  }

  revoke(): void {
    this.#tokens = new Set()
  }

  #note(kind: Entry['kind'], messages: readonly Kept[]): void {
    this.#historyId += 7
    this.#history.push({ id: this.#historyId, kind, ids: messages.map(({ id }) => id) })
  }

  #fault(what: string): Answer {
    this.faults.push(what)
    return no(400, what)
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', this.url)
    if (url.pathname === '/token') return this.#token(request)
    const [, name, id] =
      /^\/gmail\/v1\/users\/me\/(profile|labels|messages|history)(?:\/(\w+))?$/.exec(url.pathname) ?? []
    if (name === undefined || request.method !== 'GET')
      return this.#fault(`${request.method} ${url.pathname}`)
    const kind = id === undefined ? name : 'message'
    this.asked.push(kind)
    const odd = [...url.searchParams.keys()].filter((key) => !QUERIES[kind]?.includes(key))
    if (odd.length > 0) return this.#fault(`${kind}: ${odd.join(', ')}`)
    if (!this.#tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return no(401, 'authError')
    if (this.putOff > 0) {
      this.putOff -= 1
      return this.putOff % 2 === 0 ? no(403, 'rateLimitExceeded') : no(429, 'tooManyRequests')
    }
    if (kind === 'profile') return ok({ emailAddress: this.user, historyId: String(this.#historyId) })
    if (kind === 'labels')
      return ok({
        labels: [
          { id: 'INBOX', name: 'INBOX' },
          { id: 'Label_7', name: 'Customers' },
        ],
      })
    if (kind === 'message') return this.#message(id!, url.searchParams)
    return kind === 'messages' ? this.#list(url.searchParams) : this.#changes(url.searchParams)
  }

  async #token(request: IncomingMessage): Promise<Answer> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const form = new URLSearchParams(text)
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    if (request.method !== 'POST' || isForm !== true) return this.#fault('token: no form')
    if (form.get('grant_type') === 'refresh_token') {
      const given = ['client_id', 'client_secret', 'refresh_token'].map((name) => form.get(name)).join(' ')
      if (given !== 'client hush refresh') return no(400, 'invalid_grant')
    } else if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      const key = await importSPKI(this.#publicKey, 'RS256')
      const audience = `${this.url}/token`
      const checked = await jwtVerify(form.get('assertion') ?? '', key, {
        audience,
        issuer: 'tact@project.iam.example',
      }).catch(() => undefined)
      const { sub, scope, iat = 0, exp = 0 } = checked?.payload ?? {}
      if (!checked || scope !== SCOPE || exp - iat > 3600 || exp <= iat)
        return this.#fault('token: assertion')
      if (sub !== this.user) return no(401, 'unauthorized_client')
    } else return this.#fault('token: grant')
    const token = randomBytes(12).toString('hex')
    this.#tokens.add(token)
    return ok({ access_token: token, expires_in: 3599, token_type: 'Bearer' })
  }

  #message(id: string, query: URLSearchParams): Answer {
    if (query.get('format') !== 'raw') return this.#fault('message: format')
    const found = this.#messages.find((message) => message.id === id)
    if (!found) return no(404, 'notFound')
    return ok({ id, labelIds: found.labels, raw: Buffer.from(found.raw).toString('base64url') })
  }

  #list(query: URLSearchParams): Answer {
    const page = query.get('pageToken')
    if (page !== null && !this.#pages.has(page)) return no(400, 'invalidPageToken')
    if (query.get('q') !== '-in:chats -in:drafts' || Number(query.get('maxResults')) > 500)
      return this.#fault('messages: query')
    const label = query.get('labelIds')
    // Google leaves spam and trash out unless they are asked for.
    const shown = this.#messages.filter(
      ({ labels }) =>
        !labels.some((one) => ['SPAM', 'TRASH', 'DRAFT', 'CHAT'].includes(one)) &&
        (label === null || labels.includes(label)),
    )
    const from = page === null ? 0 : Number(page.split('-')[1])
    const messages = shown.slice(from, from + PAGE).map(({ id }) => ({ id, threadId: id }))
    if (from + PAGE >= shown.length) return ok(messages.length === 0 ? {} : { messages })
    const nextPageToken = `${randomBytes(4).toString('hex')}-${from + PAGE}`
    this.#pages.add(nextPageToken)
    return ok({ messages, nextPageToken })
  }

  #changes(query: URLSearchParams): Answer {
    const start = Number(query.get('startHistoryId') ?? Number.NaN)
    if (!Number.isFinite(start)) return this.#fault('history: startHistoryId')
    if (start < this.#oldest) return no(404, 'notFound')
    const page = query.get('pageToken')
    if (page !== null && !this.#pages.has(page)) return no(400, 'invalidPageToken')
    const since = this.#history.filter(({ id }) => id > start)
    const from = page === null ? 0 : Number(page.split('-')[1])
    const history = since.slice(from, from + PAGE).map(({ id, kind, ids }) => ({
      id: String(id),
      [kind]: ids.flatMap((one) => {
        const message = this.#messages.find((kept) => kept.id === one)
        return message ? [{ message: { id: one, labelIds: message.labels } }] : []
      }),
    }))
    const historyId = String(this.#historyId)
    if (from + PAGE >= since.length) return ok(history.length === 0 ? { historyId } : { history, historyId })
    const nextPageToken = `${randomBytes(4).toString('hex')}-${from + PAGE}`
    this.#pages.add(nextPageToken)
    return ok({ history, historyId, nextPageToken })
  }
}

import { type Duplex, duplexPair } from 'node:stream'
import { type JSONRPCMessage, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { unavailable } from '../domain/errors.ts'
import { log } from '../log.ts'
import { LineSplitter } from './lines.ts'
import { answeredId, encode, type Message, type MessageId, messagesIn, requestId } from './messages.ts'
import { travelsSafely } from './safe-url.ts'
import { MAX_MESSAGE_BYTES } from './stdio.ts'

const NEWLINE = Buffer.from('\n')
const METHOD_NOT_FOUND = -32_601

const checked = (address: string): URL => {
  const url = URL.parse(address)
  if (url !== null && travelsSafely(url)) return new URL('/mcp', url)
  throw unavailable('bad_address', 'The address of Tact is no https:// URL, nor http:// on this machine.', {
    fix: 'Give it as `https://crm.example.com` or `http://127.0.0.1:4321`: over plain http a token could be read on its way.',
  })
}

/**
 * A stream of newline-framed MCP to a Tact that is served over HTTP, by the sessions of the initialize era: a client that
 * asks for the newer era is told that there is none and falls back. Ends when the session or the server is gone, also
 * in the middle of an answer: whoever reads then knows at once that what was asked is not going to be answered.
 */
export const remoteLeg = async (address: string, token: string): Promise<Duplex> => {
  const transport = new StreamableHTTPClientTransport(checked(address), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  const [near, far] = duplexPair()
  const write = (message: unknown): void => {
    if (!far.destroyed) far.write(Buffer.concat([encode(message), NEWLINE]))
  }
  const close = (): void => void transport.close().catch(() => undefined)
  const end = (error?: Error): void => {
    if (error) log.warn('mcp_remote_lost', { error: error.name })
    near.destroy()
    far.destroy()
    close()
  }
  const open = new Map<MessageId, Message>()
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK knows no other way
  transport.onmessage = (message: JSONRPCMessage): void => {
    const answered = answeredId(message as Message)
    if (answered !== undefined) open.delete(answered)
    if ('result' in message && typeof message.result['protocolVersion'] === 'string')
      transport.setProtocolVersion(message.result['protocolVersion'])
    write(message)
  }
  const send = (message: Message): void => {
    const id = requestId(message)
    if (id !== undefined) open.set(id, message)
    // Comes after an answer too, and where a stream that broke could not be taken up again.
    const onRequestStreamEnd = (): void => void (id !== undefined && open.get(id) === message && end())
    transport.send(message as JSONRPCMessage, { onRequestStreamEnd }).catch(end)
  }
  const splitter = new LineSplitter(MAX_MESSAGE_BYTES)
  far.on('data', (chunk: Buffer) => {
    for (const line of splitter.push(chunk)) {
      for (const message of messagesIn(line) ?? []) {
        if (message.method === 'server/discover') {
          const error = { code: METHOD_NOT_FOUND, message: 'Method not found' }
          write({ jsonrpc: '2.0', id: message.id, error })
        } else {
          send(message)
        }
      }
    }
  })
  near.once('close', () => end())
  await transport.start()
  return near
}

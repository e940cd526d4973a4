/** JSON-RPC as far as a relay needs to understand it. */
export interface Message {
  readonly id?: string | number | null
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
}

export type MessageId = string | number

/** The messages of one line (a batch holds several), or undefined when it is not JSON-RPC. */
export const messagesIn = (line: Buffer): readonly Message[] | undefined => {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    const all = Array.isArray(value) ? value : [value]
    return all.every((item) => typeof item === 'object' && item !== null) ? (all as Message[]) : undefined
  } catch {
    return undefined
  }
}

/** The id of a request, which wants an answer. */
export const requestId = ({ id, method }: Message): MessageId | undefined =>
  method === undefined || id === undefined || id === null ? undefined : id

/** The id of the request that this message answers. */
export const answeredId = ({ id, method }: Message): MessageId | undefined =>
  method !== undefined || id === undefined || id === null ? undefined : id

export const encode = (message: unknown): Buffer => Buffer.from(JSON.stringify(message))

/** Code -32000, `data.retry`: the call was cut off, and it is for the client to say whether to repeat it. */
export const cutOff = (id: MessageId): Buffer =>
  encode({
    jsonrpc: '2.0',
    id,
    error: {
      code: -32_000,
      message:
        'Tact restarted while this call was running. Nothing was half done. Try again; if it was a proposal, look first whether it is there.',
      data: { code: 'owner_gone', retry: true },
    },
  })

export const notServed = (
  id: MessageId,
  error: { readonly code: string; readonly message: string },
): Buffer =>
  encode({
    jsonrpc: '2.0',
    id,
    error: { code: -32_000, message: error.message, data: { ...error, retry: true } },
  })

export const unreadable = (): Buffer =>
  encode({ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'The line is not JSON-RPC.' } })

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** What the API of embeddings takes, and nothing beside it. */
const Body = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2_048)]),
  encoding_format: z.enum(['float', 'base64']).optional(),
  dimensions: z.int().min(1).optional(),
  user: z.string().optional(),
})

export interface FakeEmbeddings {
  /** Base URL, with /v1. */
  readonly url: string
  /** Texts that were embedded, in order, by model. */
  readonly asked: readonly { readonly model: string; readonly text: string }[]
  /** Requests that broke the API's rules. */
  readonly refused: readonly string[]
  /** While set every request is answered with this status. */
  fail(status: number | undefined): void
  close(): Promise<void>
}

/**
 * A stand-in for a server of embeddings (Ollama, vLLM, LM Studio), strict in what it takes: a vector is made from the text
 * by `vectorOf`, answers come in another order than the inputs, as the API allows.
 */
export const startFakeEmbeddings = async (
  vectorOf: (text: string, model: string) => readonly number[],
  { key }: { readonly key?: string } = {},
): Promise<FakeEmbeddings> => {
  const asked: { model: string; text: string }[] = []
  const refused: string[] = []
  let failing: number | undefined
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const refuse = (status: number, message: string): void => {
      refused.push(message)
      answer(status, { error: { message, type: 'invalid_request_error' } })
    }
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => void (text += piece))
    request.on('end', () => {
      if (failing !== undefined) return answer(failing, { error: { message: 'busy' } })
      if (request.method !== 'POST' || request.url !== '/v1/embeddings') return refuse(404, 'no such route')
      if (request.headers['content-type'] !== 'application/json') return refuse(415, 'not JSON')
      if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) return refuse(401, 'no key')
      const body = Body.safeParse(JSON.parse(text))
      if (!body.success) return refuse(400, body.error.message)
      const { model, input } = body.data
      const inputs = typeof input === 'string' ? [input] : input
      for (const one of inputs) asked.push({ model, text: one })
      const data = inputs.map((one, index) => ({
        object: 'embedding',
        index,
        embedding: vectorOf(one, model),
      }))
      answer(200, {
        object: 'list',
        model,
        data: data.toReversed(),
        usage: { prompt_tokens: 1, total_tokens: 1 },
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    refused,
    fail: (status) => void (failing = status),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

import { z } from 'zod'
import { unavailable, userError } from '../../domain/errors.ts'
import { toUnit } from './embedder.ts'
import type { Embedder, EmbedderKeys } from './embedder.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const TIMEOUT_MS = 30_000

const Answer = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
})

const silent = (cause?: unknown) =>
  unavailable('embedder_silent', 'The embedding model did not answer.', {
    fix: 'Start the server that TACT_EMBEDDER names, or set TACT_EMBEDDER=none.',
    cause,
  })

/**
 * Embeddings by the API that Ollama, vLLM and LM Studio share (`POST <url>/embeddings`). Only on this machine: what is
 * sent is mail with its names. Asks once for the width of the vectors. Throws a user error for another address.
 */
export const openCompatible = async (address: string, { key }: EmbedderKeys): Promise<Embedder> => {
  const [base, model] = address.split('#')
  if (!base || !model || !URL.canParse(base))
    throw userError(
      'bad_embedder',
      'An openai-compatible embedder is written openai-compatible:<url>#<model>.',
      {
        fix: 'For Ollama: TACT_EMBEDDER=openai-compatible:http://127.0.0.1:11434/v1#all-minilm',
      },
    )
  if (!LOOPBACK.test(new URL(base).hostname))
    throw userError(
      'embedder_elsewhere',
      'Mail is embedded with its names, so the model must be on this machine.',
      {
        fix: 'Run it here, at 127.0.0.1, or use local:<directory>.',
      },
    )
  const ask = async (texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> => {
    const limit = AbortSignal.timeout(TIMEOUT_MS)
    let answer: unknown
    try {
      const response = await fetch(`${base.replace(/\/$/, '')}/embeddings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      answer = await response.json()
    } catch (cause) {
      throw silent(cause)
    }
    const read = Answer.safeParse(answer)
    const data = read.success ? read.data.data.toSorted((a, b) => a.index - b.index) : []
    if (data.length !== texts.length || data.some(({ index }, at) => index !== at)) throw silent()
    return data.map(({ embedding }) => toUnit(Float32Array.from(embedding)))
  }
  const [first] = await ask(['width'])
  const dimensions = first!.length
  return {
    id: `openai-compatible:${base}#${model}`,
    dimensions,
    embed: async (texts, signal) => {
      const vectors = await ask(texts, signal)
      if (vectors.some(({ length }) => length !== dimensions)) throw silent()
      return vectors
    },
  }
}

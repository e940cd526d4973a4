import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unavailable, userError } from '../../domain/errors.ts'
import { toUnit } from './embedder.ts'
import type { Embedder } from './embedder.ts'

/** What of onnxruntime-node and onnxruntime-web is used. */
interface Tensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}
interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Tensor>>>
}
interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: { readonly intraOpNumThreads: number }): Promise<Session>
  }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown
}
interface Tokenizers {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => { encode(text: string): { readonly ids: readonly number[] } }
}

const TOKENIZERS = '@huggingface/tokenizers'
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'] as const
const DEFAULT_TOKENS = 256
const MAX_CHARACTERS = 4_000
/** More threads wait for each other in a spin: two take twice the processor time, and the searches beside them wait. */
const THREADS = 1

/** A package installed beside the model, or with Tact; undefined when it is in neither place. */
const load = async (directory: string, name: string): Promise<unknown> => {
  for (const from of [join(directory, 'package.json'), import.meta.filename]) {
    let path: string
    try {
      path = createRequire(from).resolve(name)
    } catch {
      continue
    }
    return import(pathToFileURL(path).href)
  }
  return undefined
}

/** The names of a CommonJS module stand on `default` alone where Node cannot tell them. */
const withName = (module: unknown, name: string): object | undefined => {
  if (typeof module !== 'object' || module === null) return undefined
  if (name in module) return module
  return 'default' in module ? withName(module.default, name) : undefined
}

const loadRuntime = async (
  directory: string,
): Promise<{ readonly runtime: Runtime; readonly tokenizers: Tokenizers }> => {
  const tokenizers = withName(await load(directory, TOKENIZERS), 'Tokenizer')
  for (const name of RUNTIMES) {
    const runtime = withName(await load(directory, name), 'InferenceSession')
    if (runtime && tokenizers) return { runtime: runtime as Runtime, tokenizers: tokenizers as Tokenizers }
  }
  throw unavailable(
    'no_embedder_runtime',
    'The packages that run a local embedding model are not installed.',
    {
      fix: `In the directory of the model: npm i --ignore-scripts ${RUNTIMES[0]} ${TOKENIZERS}`,
    },
  )
}

interface TokenizerFile {
  readonly truncation?: { readonly max_length?: number } | null
}

/**
 * A sentence model from a directory that holds `model.onnx` (BERT's inputs, last hidden state) and `tokenizer.json`:
 * mean over the tokens, to length 1. Nothing is downloaded. Throws a user error when a file is missing, `unavailable` when
 * the packages that run it are.
 */
export const openLocal = async (path: string): Promise<Embedder> => {
  const directory = resolve(path)
  const [modelFile, tokenizerFile] = [join(directory, 'model.onnx'), join(directory, 'tokenizer.json')]
  if (!existsSync(modelFile) || !existsSync(tokenizerFile))
    throw userError(
      'no_embedder_files',
      'The directory of the embedding model lacks model.onnx or tokenizer.json.',
      {
        fix: 'Put both files there, or set TACT_EMBEDDER=none.',
      },
    )
  const { runtime, tokenizers } = await loadRuntime(directory)
  const model = await readFile(modelFile)
  const tokenizerText = await readFile(tokenizerFile, 'utf8')
  const described = JSON.parse(tokenizerText) as TokenizerFile
  const tokenizer = new tokenizers.Tokenizer(described, {})
  const most = Math.min(described.truncation?.max_length ?? DEFAULT_TOKENS, DEFAULT_TOKENS)
  const session = await runtime.InferenceSession.create(model, { intraOpNumThreads: THREADS })
  const [output = ''] = session.outputNames

  /** The end mark stays when the middle is cut. */
  const idsOf = (text: string): readonly number[] => {
    const { ids } = tokenizer.encode(text.slice(0, MAX_CHARACTERS))
    return ids.length <= most ? ids : [...ids.slice(0, most - 1), ids.at(-1)!]
  }

  const embedOne = async (text: string): Promise<Float32Array> => {
    const ids = idsOf(text)
    const tensor = (valueOf: (id: number) => bigint) =>
      new runtime.Tensor('int64', BigInt64Array.from(ids, valueOf), [1, ids.length])
    const given: Readonly<Record<string, unknown>> = {
      input_ids: tensor(BigInt),
      attention_mask: tensor(() => 1n),
      token_type_ids: tensor(() => 0n),
    }
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, given[name]]))
    const { dims, data } = (await session.run(feeds))[output]!
    const width = dims.at(-1)!
    const mean = new Float32Array(width)
    for (let at = 0; at < data.length; at += 1) mean[at % width]! += data[at]!
    return toUnit(mean)
  }

  const { length: dimensions } = await embedOne('width')
  const fingerprint = createHash('sha256').update(model).update(tokenizerText).digest('hex').slice(0, 16)
  return {
    id: `local:${directory}#${fingerprint}`,
    dimensions,
    embed: async (texts, signal) => {
      const vectors: Float32Array[] = []
      for (const text of texts) {
        signal?.throwIfAborted()
        vectors.push(await embedOne(text))
      }
      return vectors
    },
  }
}

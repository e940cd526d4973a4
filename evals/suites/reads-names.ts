import { renderLegend } from '../../agent/legend.ts'
import type { offlineModel } from '../../agent/model/offline/model.ts'
import type { RecordName } from './workspace-names.ts'
import { linkerFor } from '../questions-link.ts'
import type { Linker } from '../questions-link.ts'

/** A language model as the planner is one. */
export type Planner = ReturnType<typeof offlineModel>
export type Call = Parameters<Planner['doGenerate']>[0]
type Message = Call['prompt'][number]
type ToolPart = Extract<Message, { role: 'tool' }>['content'][number]
type ResultPart = Extract<ToolPart, { type: 'tool-result' }>
type Streamed = Awaited<ReturnType<Planner['doStream']>>['stream']
type StreamPart = Streamed extends ReadableStream<infer Part> ? Part : never

/** Names as a model that reads them would tie them to records, without any code of the redaction layer. */
interface Reader {
  /** A text of a person: with a handle in place of each name, and what the handles are. */
  readonly said: (text: string) => string
  /** The model's own earlier words. */
  readonly own: (text: string) => string
  /** A result: cells that are a record's whole name. */
  readonly cells: (value: unknown) => unknown
  /** Words for a person: names again. */
  readonly spoken: (text: string) => string
  /** Arguments of a tool: a record where the model means one, its name within a longer text. */
  readonly meant: (value: unknown) => unknown
}

const HANDLE = /\b[A-Z]+_\d{5,7}[fl]?\b/gu

const walk = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => walk(item, change))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, change)]))
}

const readerOf = (linker: Linker, records: readonly RecordName[]): Reader => {
  const uris = new Map(linker.known.map(({ handle }, at) => [handle, records[at]!.uri]))
  const spoken = (text: string): string =>
    text.replaceAll(HANDLE, (handle) => linker.nameOf(handle) ?? linker.wordsOf(handle) ?? handle)
  return {
    said: (text) => {
      const { said, legend } = linker.link(text)
      return said + renderLegend(legend)
    },
    own: (text) => linker.link(text).said,
    cells: (value) => walk(value, (text) => linker.handleOf(text) ?? text),
    spoken,
    meant: (value) => walk(value, (text) => uris.get(text) ?? spoken(text)),
  }
}

const resultOf = (part: ResultPart, reader: Reader): ResultPart => {
  const { output } = part
  if (output.type === 'json')
    return { ...part, output: { ...output, value: reader.cells(output.value) as never } }
  if (output.type !== 'text') return part
  try {
    return { ...part, output: { ...output, value: JSON.stringify(reader.cells(JSON.parse(output.value))) } }
  } catch {
    return part
  }
}

const messageOf = (message: Message, reader: Reader): Message => {
  switch (message.role) {
    case 'system':
      return message
    case 'user':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'text' ? { ...part, text: reader.said(part.text) } : part,
        ),
      }
    case 'assistant':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'text' ? { ...part, text: reader.own(part.text) } : part,
        ),
      }
    case 'tool':
      return {
        ...message,
        content: message.content.map((part) => (part.type === 'tool-result' ? resultOf(part, reader) : part)),
      }
  }
}

const inputOf = (input: string, reader: Reader): string => {
  try {
    return JSON.stringify(reader.meant(JSON.parse(input)))
  } catch {
    return input
  }
}

const partOf = (part: StreamPart, reader: Reader): StreamPart => {
  switch (part.type) {
    case 'text-delta':
      return { ...part, delta: reader.spoken(part.delta) }
    case 'tool-input-delta':
      return { ...part, delta: inputOf(part.delta, reader) }
    case 'tool-call':
      return { ...part, input: inputOf(part.input, reader) }
    case 'finish':
      return {
        ...part,
        ...(part.providerMetadata
          ? { providerMetadata: walk(part.providerMetadata, reader.spoken) as never }
          : {}),
      }
    default:
      return part
  }
}

/**
 * A model that is told names and reads them by itself, as a local model under the policy `off` does: the planner, which
 * knows names by handles alone, behind a linker of its own that holds the workspace's names. What goes in and comes out
 * are names; tools are given records' URIs.
 */
export const readsNames = (planner: Planner, records: readonly RecordName[]): Planner => {
  const of = (is: string): readonly RecordName[] => records.filter((record) => record.is === is)
  const ordered = ['members', 'people', 'companies', 'deals'].flatMap(of)
  const names = (is: string): readonly string[] => of(is).map(({ name }) => name)
  const linker = linkerFor({
    members: names('members'),
    people: names('people'),
    companies: names('companies'),
    deals: names('deals'),
  })
  const reader = readerOf(linker, ordered)
  const prepared = (call: Call): Call => ({
    ...call,
    prompt: call.prompt.map((message) => messageOf(message, reader)),
  })
  return {
    ...planner,
    doGenerate: async (call) => {
      const answer = await planner.doGenerate(prepared(call))
      return {
        ...answer,
        content: answer.content.map((part) =>
          part.type === 'text'
            ? { ...part, text: reader.spoken(part.text) }
            : part.type === 'tool-call'
              ? { ...part, input: inputOf(part.input, reader) }
              : part,
        ),
      }
    },
    doStream: async (call) => {
      const { stream, ...rest } = await planner.doStream(prepared(call))
      const told = new TransformStream<StreamPart, StreamPart>({
        transform: (part, controller) => controller.enqueue(partOf(part, reader)),
      })
      return { ...rest, stream: stream.pipeThrough(told) }
    },
  }
}

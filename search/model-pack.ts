import type { LsaModel } from './lsa.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Whole numbers from -127 to 127, each row times its own scale. */
export const quantise = (
  values: Float32Array,
  width: number,
): { readonly scales: Float32Array; readonly bytes: Int8Array } => {
  const rowCount = values.length / Math.max(1, width)
  const scales = new Float32Array(rowCount)
  const bytes = new Int8Array(values.length)
  for (let row = 0; row < rowCount; row += 1) {
    let most = 0
    for (let at = 0; at < width; at += 1) most = Math.max(most, Math.abs(values[row * width + at]!))
    const scale = most / 127 || 1
    scales[row] = scale
    for (let at = 0; at < width; at += 1)
      bytes[row * width + at] = Math.round(values[row * width + at]! / scale)
  }
  return { scales, bytes }
}

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** A model as bytes: counts, words, rarities, scales, projection as whole numbers. */
export const packModel = ({ dimensions, numberOf, rarities, projection }: LsaModel): Uint8Array => {
  const words = encoder.encode([...numberOf.keys()].join('\n'))
  const { scales, bytes } = quantise(projection, dimensions)
  const head = new Uint32Array([dimensions, rarities.length, words.length])
  return new Uint8Array(
    Buffer.concat([bytesOf(head), bytesOf(rarities), bytesOf(scales), bytesOf(bytes), words]),
  )
}

export const unpackModel = (packed: Uint8Array): LsaModel => {
  const bytes = new Uint8Array(packed)
  const [dimensions = 0, count = 0, wordBytes = 0] = new Uint32Array(bytes.buffer, 0, 3)
  const rarities = new Float32Array(bytes.buffer, 12, count)
  const scales = new Float32Array(bytes.buffer, 12 + count * 4, count)
  const whole = new Int8Array(bytes.buffer, 12 + count * 8, count * dimensions)
  const projection = new Float32Array(count * dimensions)
  for (let at = 0; at < projection.length; at += 1)
    projection[at] = whole[at]! * scales[Math.floor(at / dimensions)]!
  const words = decoder.decode(bytes.subarray(bytes.length - wordBytes))
  return {
    dimensions,
    numberOf: new Map(count === 0 ? [] : words.split('\n').map((word, number) => [word, number])),
    rarities,
    projection,
  }
}

/** Vectors of a segment's documents: whole numbers, each document times its scale. */
export interface Vectors {
  readonly scales: Float32Array
  readonly bytes: Int8Array
}

/** Vectors of equal width, one a document, as bytes. */
export const packVectors = (list: readonly Float32Array[], width: number): Uint8Array => {
  const values = new Float32Array(list.length * width)
  list.forEach((vector, at) => values.set(vector, at * width))
  const { scales, bytes } = quantise(values, width)
  const head = new Uint32Array([list.length])
  return new Uint8Array(Buffer.concat([bytesOf(head), bytesOf(scales), bytesOf(bytes)]))
}

export const unpackVectors = (packed: Uint8Array): Vectors => {
  const bytes = new Uint8Array(packed)
  const [count = 0] = new Uint32Array(bytes.buffer, 0, 1)
  return {
    scales: new Float32Array(bytes.buffer, 4, count),
    bytes: new Int8Array(bytes.buffer, 4 + count * 4),
  }
}

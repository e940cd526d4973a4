import { parentPort, workerData } from 'node:worker_threads'
import { trainLsa } from './lsa.ts'
import type { WordCounts } from './lsa.ts'
import { packModel } from './model-pack.ts'

export interface TrainingData {
  readonly documents: readonly WordCounts[]
  readonly dimensions: number
}

const { documents, dimensions } = workerData as TrainingData
const model = trainLsa(documents, dimensions)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has no origin
parentPort?.postMessage({ packed: packModel(model), dimensions: model.dimensions })

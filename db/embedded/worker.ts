import { existsSync, openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { bug } from '../../domain/errors.ts'
import { Frames } from './frames.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts'

/** Owns PGlite, so that a long statement blocks this thread and not the event loop. Speaks the Postgres wire protocol. */
if (!parentPort) throw bug('not_a_worker', 'db/embedded/worker.ts runs only as a worker thread.')
const port = parentPort
const { dataDirectory, loadFrom } = workerData as WorkerOptions

const tell = (message: FromWorker): void => port.postMessage(message)

/** A thread that was ended and started again finds its database there already. */
const isNew = dataDirectory === undefined || !existsSync(join(dataDirectory, 'PG_VERSION'))

const engine = await PGlite.create({
  // Its files are in this machine's memory or on a solid-state disk: a look by an index costs little more than the next row.
  startParams: [...PGlite.defaultStartParams, '-c', 'random_page_cost=1.1'],
  ...(dataDirectory === undefined ? {} : { dataDir: dataDirectory }),
  ...(loadFrom === undefined || !isNew ? {} : { loadDataDir: await openAsBlob(loadFrom) }),
  extensions: { btree_gin, pg_trgm, unaccent },
})

const frames = new Frames()
let fresh = true
let work = Promise.resolve()

const enqueue = (step: () => Promise<void>): void => {
  work = work.then(step).catch((error: unknown) => {
    tell({ at: 'broken', reason: error instanceof Error ? error.name : 'unknown' })
  })
}

const runBatch = async (batch: Uint8Array): Promise<void> => {
  tell({ at: 'began' })
  await engine.execProtocolRawStream(batch, { onRawData: (data) => port.postMessage(data.slice()) })
  tell({ at: 'ended' })
}

/** One session serves every connection in turn: a new one must find neither a transaction nor settings of the last. */
const resetSession = async (): Promise<void> => {
  if (!fresh) {
    await engine.exec('ROLLBACK')
    await engine.exec('DISCARD ALL')
  }
  fresh = false
  tell({ at: 'opened' })
}

const dump = async (compression: 'gzip' | 'none'): Promise<void> => {
  const blob = await engine.dumpDataDir(compression)
  tell({ at: 'dumped', bytes: new Uint8Array(await blob.arrayBuffer()) })
}

const close = async (): Promise<void> => {
  await engine.close()
  port.close()
}

port.on('message', (message: Uint8Array | ToWorker) => {
  if (message instanceof Uint8Array) {
    for (const batch of frames.push(message)) enqueue(() => runBatch(batch))
    return
  }
  switch (message.do) {
    case 'open':
      frames.restart()
      enqueue(resetSession)
      return
    case 'dump':
      enqueue(() => dump(message.compression))
      return
    case 'close':
      enqueue(close)
  }
})

tell({ at: 'ready' })

import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { asTactError, denied, unavailable } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import type { TenantId } from '../domain/ids.ts'
import { log } from '../log.ts'
import type { Bell } from './bell.ts'

const QUEUE = 'tact-jobs'
/** Rings may be lost with Redis: workers look for themselves this often. */
const LOOK_MS = 1_000
const CONNECT_TIMEOUT_MS = 5_000
const RINGERS_AT_ONCE = 4

interface RedisBellOptions {
  readonly lookMs?: number
  /** Keys of one test apart from those of another. */
  readonly prefix?: string
}

const infoOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\r\n').flatMap((line) => {
      const [name, value] = line.split(':')
      return name !== undefined && value !== undefined ? [[name, value] as const] : []
    }),
  )

/** Redis as Debian installs it forgets its queue with its process, and may drop keys when memory is short. */
const assertKeeps = async (redis: Redis): Promise<void> => {
  const info = infoOf(`${await redis.info('persistence')}\r\n${await redis.info('memory')}`)
  if (info.get('aof_enabled') !== '1')
    throw denied('redis_forgets', 'The Redis of REDIS_URL keeps no append-only file.', {
      fix: 'Set `appendonly yes` in its configuration, or unset REDIS_URL: Tact then works without it.',
    })
  if (info.get('maxmemory_policy') !== 'noeviction')
    throw denied('redis_evicts', 'The Redis of REDIS_URL drops keys when its memory is full.', {
      fix: 'Set `maxmemory-policy noeviction` in its configuration, or unset REDIS_URL.',
    })
}

const quietly = (emitter: { on(event: 'error', hear: (error: Error) => void): unknown }): void =>
  void emitter.on('error', (error) => log.warn('redis_trouble', { error: error.name }))

/**
 * BullMQ on Redis as the bell between processes. Throws `redis_unreachable`, and `redis_forgets` or `redis_evicts` where
 * this Redis would lose what it holds.
 */
export const redisBell = async (
  url: string,
  { lookMs = LOOK_MS, prefix = 'tact' }: RedisBellOptions = {},
): Promise<Bell> => {
  // What cannot be rung at once is not kept for later: the row waits, and workers look.
  const ringing = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
  })
  quietly(ringing)
  try {
    await ringing.connect()
    await assertKeeps(ringing)
  } catch (error) {
    ringing.disconnect()
    if (asTactError(error).kind === 'denied') throw error
    throw unavailable('redis_unreachable', 'The Redis of REDIS_URL does not answer.', {
      fix: 'Start it, or unset REDIS_URL: Tact then works without it.',
      cause: error,
    })
  }
  ringing.options.retryStrategy = (times) => Math.min(times * 100, 2_000)
  const queue = new Queue(QUEUE, {
    connection: ringing,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })
  quietly(queue)
  const enders: (() => Promise<void>)[] = []
  return {
    name: 'redis',
    lookMs,
    ring: (rings) => {
      const now = Date.now()
      const jobs = rings.map(({ tenantId, jobId, dueAt }) => ({
        name: 'due',
        data: { tenantId, jobId },
        opts: { delay: Math.max(0, (dueAt?.getTime() ?? now) - now) },
      }))
      queue.addBulk(jobs).catch(() => log.warn('ring_lost', { jobs: jobs.length }))
    },
    listen: async (hear) => {
      const connection = new Redis(url, { maxRetriesPerRequest: null })
      quietly(connection)
      const worker = new Worker<{ readonly tenantId: unknown }>(
        QUEUE,
        async ({ data: { tenantId } }) => {
          if (typeof tenantId === 'string' && isUuid(tenantId)) hear(tenantId as TenantId)
        },
        { connection, prefix, concurrency: RINGERS_AT_ONCE },
      )
      quietly(worker)
      const end = async (): Promise<void> => {
        await worker.close()
        connection.disconnect()
      }
      enders.push(end)
      return end
    },
    close: async () => {
      await Promise.all(enders.map((end) => end().catch(() => {})))
      await queue.close().catch(() => {})
      ringing.disconnect()
    },
  }
}

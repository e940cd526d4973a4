import { parentPort } from 'node:worker_threads'
import postgresql from 'node-sql-parser/build/postgresql.js'
import { factsOfTheirs } from './of-theirs.ts'
import type { Reading } from './reader.ts'

const parser = new postgresql.Parser()

const say = (reading: Reading | 'ready'): void =>
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has no origin
  parentPort!.postMessage(reading)

const read = (sql: string): Reading => {
  try {
    return { facts: factsOfTheirs(parser.parse(sql).ast) }
  } catch {
    return { left: 'unreadable' }
  }
}

parentPort!.on('message', (sql: string) => say(read(sql)))
say('ready')

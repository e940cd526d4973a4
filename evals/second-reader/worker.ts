import { parentPort } from 'node:worker_threads'
import postgresql from 'node-sql-parser/build/postgresql.js'
import { factsOfTheirs } from './of-theirs.ts'

const parser = new postgresql.Parser()

parentPort!.on('message', (sql: string) => {
  try {
    parentPort!.postMessage({ facts: factsOfTheirs(parser.parse(sql).ast) })
  } catch {
    parentPort!.postMessage({ left: 'unreadable' })
  }
})

parentPort!.postMessage('ready')

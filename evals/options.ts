import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** Options of `npm run eval -- <suite>`. Every suite takes --file (another set in the same format) and --json. */
export const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    'workspace-file': { type: 'string' },
    /** questions: `product` (default) asks through the whole product, `planner` the planner alone. */
    through: { type: 'string' },
    /** questions: a part of the set, `dev` or `held-out`; repair: kinds of mistakes, `own`, `second` or `third`. */
    split: { type: 'string' },
    /** questions: bounds; not met, the exit code is 1. */
    'min-exact': { type: 'string' },
    'max-wrong': { type: 'string' },
    /** gold: a part of it, `gold`, `spider` or `benign`. */
    only: { type: 'string' },
    /** attacks, gold: embedded, postgres or both. */
    engine: { type: 'string', default: 'both' },
    /** attacks: ways in, with commas, or all; through `process` one attack in so many. */
    surface: { type: 'string' },
    /** attacks, repair: one in so many. */
    every: { type: 'string', default: '1' },
    'process-every': { type: 'string', default: '25' },
    databases: { type: 'string' },
    /** fuzz */
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    /** egress: requests to make at least. */
    requests: { type: 'string' },
    /** redaction: what the CRM knows (none, headers, oracle), and a folder with the npm peers. */
    known: { type: 'string', default: 'headers' },
    peers: { type: 'string' },
    /** redaction: a Python with Presidio, then a colon and its spaCy model. */
    presidio: { type: 'string' },
    /** search: a sentence model to try, written like TACT_EMBEDDER. */
    embedder: { type: 'string', default: 'none' },
    /** search-oracle: vectors in a strict stand-in for Qdrant. */
    qdrant: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

export const out = (text: string): void => void process.stdout.write(`${text}\n`)

/** The data of other people, beside the checkout where it is there. */
export const DATA = join(import.meta.dirname, '../../shared/data')

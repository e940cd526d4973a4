import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { benchPage, benchPicture, readFigures } from '../scripts/bench-page.ts'

/** Writes docs/benchmarks.md and its picture from bench/figures.json. */
const docs = join(import.meta.dirname, '..', 'docs')
const figures = readFigures()
writeFileSync(join(docs, 'benchmarks.md'), benchPage(figures))
writeFileSync(join(docs, 'benchmarks.svg'), benchPicture(figures))

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Peer } from './redaction-peers.ts'

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'presidio.py')

/** UTF-16 offsets of each code point of a text. */
const offsetsOf = (text: string): number[] => {
  const offsets: number[] = []
  let at = 0
  for (const character of text) {
    offsets.push(at)
    at += character.length
  }
  return [...offsets, at]
}

/** Microsoft Presidio in a Python of its own: `/path/to/python:en_core_web_sm`. Throws when it cannot be run. */
export const presidioPeer = (place: string): Peer => {
  const cut = place.lastIndexOf(':')
  const [python, model] = [place.slice(0, cut), place.slice(cut + 1)]
  return {
    name: `presidio (${model.split('/').at(-1)})`,
    detectAll: async (texts) => {
      const { status, stdout, stderr } = spawnSync(python, [SCRIPT, model], {
        input: texts.map((text) => `${JSON.stringify(text)}\n`).join(''),
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
      if (status !== 0) throw new Error(`Presidio did not run: ${stderr.trim().split('\n').at(-1)}`)
      const lines = stdout.trim().split('\n')
      return {
        elapsedMs: 1_000 * Number(lines.at(-1)),
        found: texts.map((text, at) => {
          const offsets = offsetsOf(text)
          const spans = JSON.parse(lines[at]!) as readonly [number, number, string][]
          return spans.map(([start, end, type]) => ({ start: offsets[start]!, end: offsets[end]!, type }))
        }),
      }
    },
  }
}

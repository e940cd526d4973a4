import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { Detector } from './redaction.ts'

export interface Peer {
  readonly name: string
  readonly detect: Detector
}

interface Compromise {
  (text: string): { people(): { json(options: { readonly offset: true }): readonly CompromiseHit[] } }
}
interface CompromiseHit {
  readonly offset: { readonly start: number; readonly length: number }
}
/** npm peers that are installed in this folder; they are no dependencies of the product. */
export const loadPeers = (folder: string): readonly Peer[] => {
  const load = createRequire(join(resolve(folder), 'package.json'))
  const peers: Peer[] = []
  const attempt = (name: string, make: (loaded: unknown) => Detector): void => {
    let loaded: unknown
    try {
      loaded = load(name)
    } catch {
      return
    }
    peers.push({ name, detect: make(loaded) })
  }
  attempt('compromise', (loaded) => {
    const read = loaded as Compromise
    return (text) =>
      read(text)
        .people()
        .json({ offset: true })
        .map(({ offset }) => ({ start: offset.start, end: offset.start + offset.length, type: 'PERSON' }))
  })
  return peers
}

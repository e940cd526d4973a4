import type { WorkspaceDocument } from '../db/workspace-document.ts'
import { liveThrough } from './activity.ts'
import { buildBrokerage } from './brokerage.ts'
import type { Builder } from './build.ts'
import { cobaltScenes } from './cobalt.ts'
import { writeDocument } from './document.ts'
import { buildFund } from './fund.ts'
import { harborviewScenes } from './harborview.ts'
import { larkspurScenes } from './larkspur.ts'
import { writeLetters } from './mail/all-mail.ts'
import type { Letter } from './mail/letter.ts'
import { makeRenderer } from './mail/render.ts'
import { buildSales } from './sales.ts'
import type { DemoName } from './world.ts'

export interface DemoOptions {
  /** Another seed gives other people, deals and mail around the same fixed ones. */
  readonly seed?: string
  /** How many people; at least 300. */
  readonly people?: number
}

export interface DemoMail {
  /** One message as it went over the wire (RFC 5322, CRLF). */
  readonly raw: Uint8Array
  /** Where it would lie in a Maildir: `cur/0001.eml`. */
  readonly place: string
}

export interface DemoWorkspace {
  readonly document: WorkspaceDocument
  /** All messages, oldest first. Made when asked for; the same bytes each time. */
  readonly mail: () => Iterable<DemoMail>
}

const BUILDERS: Readonly<Record<DemoName, (seed: string, people: number) => Builder>> = {
  larkspur: buildFund,
  cobalt: buildSales,
  harborview: buildBrokerage,
}
const SCENES: Readonly<Record<DemoName, (builder: Builder) => void>> = {
  larkspur: larkspurScenes,
  cobalt: cobaltScenes,
  harborview: harborviewScenes,
}

const written = new WeakMap<Builder, readonly Letter[]>()
/** Written once: a second round would draw other chances. */
const lettersOf = (builder: Builder): readonly Letter[] => {
  const letters = written.get(builder) ?? writeLetters(builder)
  written.set(builder, letters)
  return letters
}

/** A made-up workspace: the same for the same seed, on every machine. */
export const makeDemo = (name: DemoName, options: DemoOptions = {}): DemoWorkspace => {
  const builder = BUILDERS[name](`${options.seed ?? 'tact'}/${name}`, options.people ?? 340)
  liveThrough(builder)
  SCENES[name](builder)
  const document = writeDocument(builder.world)
  const mail = function* (): Generator<DemoMail> {
    const render = makeRenderer(builder.world.clock)
    const letters = lettersOf(builder)
    for (const [index, letter] of letters.entries()) {
      yield { raw: render(letter), place: `cur/${String(index + 1).padStart(5, '0')}.eml` }
    }
  }
  return { document, mail }
}

import type { WorkspaceDocument } from '../db/workspace-document.ts'
import { liveThrough } from './activity.ts'
import { buildBrokerage } from './brokerage.ts'
import type { Builder } from './build.ts'
import { cobaltScenes } from './cobalt.ts'
import { writeDocument } from './document.ts'
import { buildFund } from './fund.ts'
import { harborviewScenes } from './harborview.ts'
import { larkspurScenes } from './larkspur.ts'
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

/** A made-up workspace: the same for the same seed, on every machine. */
export const makeDemo = (name: DemoName, options: DemoOptions = {}): DemoWorkspace => {
  const builder = BUILDERS[name](`${options.seed ?? 'tact'}/${name}`, options.people ?? 340)
  liveThrough(builder)
  SCENES[name](builder)
  return { document: writeDocument(builder.world), mail: () => [] }
}

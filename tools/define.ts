import { z } from 'zod'
import type { Actor } from '../domain/actor.ts'
import { Completeness } from '../domain/completeness.ts'
import type { Secret } from '../domain/pii.ts'
import type { BoundStatement, TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import type { MeantQuestion, WorkspaceClock } from '../search/embed/ask.ts'
import type { MeantText } from '../search/embed/query.ts'

/** read: runs at once. propose: records a proposal that a person approves. Nothing in the registry executes a write. */
export type Risk = 'read' | 'propose'

export interface ToolContext {
  readonly actor: Actor
  readonly workspace: Workspace
  /** Wall clock, or the fixed clock of a demo. */
  readonly now: Date
  readonly tx: TenantTx
  readonly conversationId: string
  readonly signal: AbortSignal
  /** What `meant` named, as the model sees it that serves the workspace, and what lies near; undefined where nobody was asked. */
  readonly meant?: MeantText | undefined
  /** What the member said in this conversation, in their own words; for proposing tools, else empty. */
  readonly said: readonly string[]
  /** A proposal under this name was made by the same call before, and is answered again. */
  readonly onceAs?: string | undefined
  /**
   * Has a statement run in the transaction that records the call, once its answer is made: a tool that reads may not
   * write in its own. Where it fails, so does the call.
   */
  readonly afterwards: (statement: BoundStatement) => void
}

export const Source = z.object({
  /** Handle of the record. */
  id: z.string(),
  what: z.string().describe('What the record is and its date, e.g. `email, 2026-11-03`.'),
})

/** What every tool answers with. */
export const envelope = <D extends z.ZodType>(data: D) =>
  z.object({
    data,
    completeness: Completeness.nullable(),
    sources: z.array(Source),
    notes: z.array(z.string()).describe('What the reader must know: defaults taken, what was left out.'),
  })

/** `T` as a tool returns it: any string may still be a Secret, which tools/call.ts hides. */
export type WithSecrets<T> = T extends string
  ? T | Secret
  : T extends readonly (infer E)[]
    ? readonly WithSecrets<E>[]
    : T extends object
      ? { readonly [K in keyof T]: WithSecrets<T[K]> }
      : T

export interface Tool<I extends z.ZodObject = z.ZodObject, D extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly title: string
  /** Describes; never instructs. */
  readonly description: string
  readonly risk: Risk
  /** What a person reads while it runs and after. */
  readonly labels: { readonly running: string; readonly done: string }
  readonly input: I
  /** Reads the restored arguments where it can teach more than `input`'s own errors; `input` still describes them. */
  parse?(restored: unknown): z.output<I>
  /** What it looks for by its meaning: a model is asked about it before the transaction opens. */
  meant?(input: z.output<I>, clock: WorkspaceClock): MeantQuestion
  /** Shape of `data` after hiding: names are handles. */
  readonly data: D
  run(input: z.output<I>, context: ToolContext): Promise<WithSecrets<z.input<ReturnType<typeof envelope<D>>>>>
}

export const defineTool = <I extends z.ZodObject, D extends z.ZodType>(tool: Tool<I, D>): Tool<I, D> => tool

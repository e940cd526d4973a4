import { z } from 'zod'
import { TactError } from '../domain/errors.ts'

/** Version of the lines below, not of MCP. */
export const ATTACH_PROTOCOL = 1

/** What a process says of itself when it attaches, on one line, before any MCP. */
export const Hello = z.object({
  tact: z.literal(ATTACH_PROTOCOL),
  /** Version of the attaching program. */
  version: z.string().max(64),
  /** Slug of the workspace; null leaves it to the owner's settings. */
  workspace: z.string().max(200).nullable(),
  /** E-mail address of the member to act as; null as above. */
  as: z.string().max(320).nullable(),
})
export type Hello = z.infer<typeof Hello>

/** Instead: asks the owner to give the ownership up, so that this program can have it. */
export const Claim = z.object({
  tact: z.literal(ATTACH_PROTOCOL),
  version: z.string().max(64),
  claims: z.literal('ownership'),
})
export type Claim = z.infer<typeof Claim>

const Reply = z.union([
  z.object({ tact: z.literal(ATTACH_PROTOCOL), ok: z.literal(true) }),
  z.object({
    tact: z.literal(ATTACH_PROTOCOL),
    ok: z.literal(false),
    kind: z.enum(['user', 'not-found', 'conflict', 'denied', 'unavailable', 'bug']),
    error: z.object({
      code: z.string(),
      message: z.string(),
      fix: z.string().exactOptional(),
      at: z.string().exactOptional(),
      valid_options: z.array(z.string()).readonly().exactOptional(),
      did_you_mean: z.array(z.string()).readonly().exactOptional(),
    }),
  }),
])
type Reply = z.infer<typeof Reply>

export const MAX_HANDSHAKE_BYTES = 16_384

const parsed = <T>(schema: z.ZodType<T>, line: string): T | undefined => {
  try {
    const result = schema.safeParse(JSON.parse(line))
    return result.success ? result.data : undefined
  } catch {
    return undefined
  }
}

const asLine = (message: Hello | Claim | Reply): string => `${JSON.stringify(message)}\n`

export const openingLine = (opening: Hello | Claim): string => asLine(opening)
export const parseOpening = (line: string): Hello | Claim | undefined => parsed(z.union([Claim, Hello]), line)

export const welcomeLine = (): string => asLine({ tact: ATTACH_PROTOCOL, ok: true })
export const refusalLine = (error: TactError): string =>
  asLine({ tact: ATTACH_PROTOCOL, ok: false, kind: error.kind, error: error.toPublic() })

/** True when welcome, the owner's error when turned away, undefined when the line is no reply of ours. */
export const parseReply = (line: string): true | TactError | undefined => {
  const reply = parsed(Reply, line)
  if (reply === undefined || reply.ok) return reply?.ok
  const { code, message, fix, at, valid_options: validOptions, did_you_mean: didYouMean } = reply.error
  return new TactError(reply.kind, code, message, {
    ...(fix === undefined ? {} : { fix }),
    ...(at === undefined ? {} : { at }),
    ...(validOptions === undefined ? {} : { validOptions }),
    ...(didYouMean === undefined ? {} : { didYouMean }),
  })
}

import { createHash } from 'node:crypto'
import { verifyAudit } from '../db/audit.ts'
import type { AuditHead } from '../db/audit.ts'
import { readEgress, type StoredEgress } from '../db/egress.ts'
import { asTenant } from '../db/tenant.ts'
import { notFound, userError } from '../domain/errors.ts'
import { unsealBody } from '../redaction/seal-body.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { writeJson } from './io.ts'

/** A head as `audit verify` prints it. */
const HEAD = /^(\d{1,15}):([0-9a-f]{64})$/u

const keptHead = (text: string | undefined): AuditHead | undefined => {
  if (text === undefined) return undefined
  const found = HEAD.exec(text)
  if (found) return { events: Number(found[1]), head: found[2]! }
  throw userError('bad_head', 'This is no head of an audit chain.', {
    fix: 'Give it as `tact audit verify` printed it: the number of events, a colon, 64 hexadecimal digits.',
  })
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u

/** A request of the ledger with its body as it left, and whether that is the body whose digest was recorded. */
const opened = (row: StoredEgress) => {
  const { body: sealed, conversationKey, ...rest } = row
  const body = conversationKey === null ? undefined : unsealBody(conversationKey, row.id, sealed)
  const digest = body === undefined ? undefined : createHash('sha256').update(body).digest('hex')
  return { ...rest, body: body ?? null, intact: digest === undefined ? null : digest === row.bodySha256 }
}

/** The audit chain, and what left this machine. */
export const auditCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const audit = group('audit', 'the audit chain, and what left this machine')
  audit.addCommand(
    common('verify', 'walk the chain and find what was changed or left out')
      .option(
        '--kept <head>',
        'a head that was kept elsewhere: finds an end cut off, or a chain written anew',
      )
      .action(async (options: CommonOptions & { readonly kept?: string }) => {
        const kept = keptHead(options.kept)
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const verdict = await asTenant(house.database, actor, (tx) => verifyAudit(tx, kept), {
            readOnly: true,
          })
          context.exitCode = verdict.ok ? 0 : 1
          if (options.json) return writeJson(io, verdict)
          io.out(
            verdict.ok
              ? `${verdict.events} events, unbroken. Head, to be kept elsewhere:\n${verdict.events}:${verdict.head}\n`
              : `Broken at event ${verdict.position}: ${verdict.reason}.\n`,
          )
        })
      }),
  )
  audit.addCommand(
    common('egress', 'exactly what left this machine for an answer or a conversation')
      .argument('<id>', 'id of an answer (in its receipt) or of a conversation')
      .action(async (id: string, options: CommonOptions) => {
        if (!UUID.test(id)) {
          throw userError('bad_id', 'This is no id of an answer or a conversation.', {
            fix: "Take it from the answer's receipt (`egress` with --json).",
          })
        }
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const found = await asTenant(house.database, actor, (tx) => readEgress(tx, id), { readOnly: true })
          if (found.length === 0) {
            throw notFound('nothing_left', 'Nothing left this machine under this id.')
          }
          const requests = found.map(opened)
          if (requests.some(({ intact }) => intact === false)) context.exitCode = 1
          if (options.json) return writeJson(io, { requests })
          for (const request of requests) {
            const { at, model, bodyBytes, bodySha256, policy, sent, scannedValues, leaks, body, intact } =
              request
            io.out(
              `${at} ${sent ? 'sent to' : 'BLOCKED for'} ${model}: ${bodyBytes} bytes, sha256 ${bodySha256}\n` +
                `policy ${policy}; ${scannedValues} known values looked for, ${leaks} found` +
                `${intact === false ? '; THE STORED BODY IS NOT THE ONE THAT LEFT' : ''}\n` +
                `${body ?? '(the conversation was forgotten: its key is gone, and the body with it)'}\n\n`,
            )
          }
        })
      }),
  )
  return audit
}

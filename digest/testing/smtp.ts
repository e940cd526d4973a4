import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** What the server does with a mail. */
export const SMTP_FAULTS = [
  'none',
  'refuses the receiver',
  'is busy',
  'is closing',
  'breaks off before the content',
  'breaks off after it took the mail',
] as const
export type SmtpFault = (typeof SMTP_FAULTS)[number]

export interface TestMail {
  readonly to: string
  readonly messageId: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface TestSmtp {
  readonly url: string
  readonly mails: readonly TestMail[]
  /** What is done with the next mails; `none` when used up. */
  plan(faults: readonly SmtpFault[]): void
  close(): Promise<void>
}

const failure = (code: number): Error => Object.assign(new Error('No.'), { responseCode: code })

/** A real SMTP server on 127.0.0.1 that fails as it is told to. */
export const startSmtp = async (): Promise<TestSmtp> => {
  const mails: TestMail[] = []
  let planned: SmtpFault[] = []
  const faults = new Map<string, SmtpFault>()
  const breakOff = (id: string): void => {
    for (const connection of server.connections) if (connection.id === id) connection.close()
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onConnect: ({ id }, done) => {
      const fault = planned.shift() ?? 'none'
      faults.set(id, fault)
      done(fault === 'is closing' ? failure(421) : null)
    },
    onMailFrom: (_address, { id }, done) => {
      const fault = faults.get(id)
      if (fault === 'breaks off before the content') breakOff(id)
      else done(fault === 'is busy' ? failure(451) : null)
    },
    onRcptTo: (_address, { id }, done) =>
      done(faults.get(id) === 'refuses the receiver' ? failure(550) : null),
    onData: (stream, { id, envelope }, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        void (async () => {
          const parsed = await PostalMime.parse(Buffer.concat(parts))
          mails.push({
            to: envelope.rcptTo[0]!.address,
            messageId: parsed.messageId ?? '',
            subject: parsed.subject ?? '',
            text: parsed.text ?? '',
            html: parsed.html ?? '',
          })
          if (faults.get(id) === 'breaks off after it took the mail') breakOff(id)
          else done()
        })()
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    plan: (wanted) => {
      planned = [...wanted]
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

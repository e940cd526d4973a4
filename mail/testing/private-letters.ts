import { letter } from './letters.ts'

/** What nobody but the owner of the private letters may read, and what their subjects have. */
export const SECRET = /zebraquartz|strictly between us|salary\.pdf/i
export const SUBJECT = /Quiet word/

const from = 'Dana Whitfield <dana@nimbus.example>'
/** Letters that everybody sees. */
export const TEAM = Array.from({ length: 12 }, (_one, at) =>
  letter({
    id: `team-${at}@x`,
    from: at % 2 === 0 ? from : 'owner@team.example',
    to: at % 2 === 0 ? 'owner@team.example' : from,
    at: `2026-09-${String(at + 1).padStart(2, '0')}T10:00:00Z`,
    subject: `Pilot ${at}`,
    ...(at > 0 && at < 4 ? { replyTo: `team-${at - 1}@x` } : {}),
    body: `The pilot costs ${at} and the harbour is open ${at % 3 === 0 ? 'for the contract' : ''}`,
  }),
)
/** A reply to one of them, replies to it, and a letter with a file. */
export const PRIVATE = [
  ...Array.from({ length: 5 }, (_one, at) =>
    letter({
      id: `private-${at}@x`,
      from,
      to: 'owner@team.example',
      at: `2026-10-${String(at + 10)}T10:00:00Z`,
      subject: `Quiet word ${at}`,
      ...(at === 0 ? { replyTo: 'team-3@x' } : { replyTo: `private-${at - 1}@x` }),
      body: `zebraquartz: the pilot contract costs less, strictly between us`,
    }),
  ),
  letter({
    id: 'attached@x',
    from,
    to: 'owner@team.example',
    at: '2026-10-20T10:00:00Z',
    subject: 'Quiet word with a file',
    head: 'MIME-Version: 1.0\nContent-Type: application/pdf; name="salary.pdf"\nContent-Disposition: attachment; filename="salary.pdf"\nContent-Transfer-Encoding: base64',
    body: 'JVBERi0xLjQK',
  }),
]

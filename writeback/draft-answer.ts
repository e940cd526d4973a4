import type { ChangeInput } from './changes.ts'

/** The mail that waits, and whom the answer is to. */
export interface WaitingMail {
  readonly emailId: string
  readonly subject: string
  readonly personId: string | null
  /** Full name, where there is one. */
  readonly person: string | null
  readonly address: string | null
}

const TEXT = 'Hello {name},\n\nthank you for your message. I am looking into it and will come back to you.\n'

/** A draft that answers a mail, from a template with `{name}` in it; a person reads and sends it, Tact never does. */
export const draftAnswer = (mail: WaitingMail, template: string = TEXT): ChangeInput => {
  const name = mail.person?.trim().split(/\s+/)[0] ?? ''
  const body = template.replaceAll(name === '' ? /[ \t]*\{name\}/g : /\{name\}/g, () => name)
  return {
    op: 'create',
    entity: 'email_drafts',
    set: {
      subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
      body,
      answers: `emails:${mail.emailId}`,
      ...(mail.personId !== null
        ? { people: [`people:${mail.personId}`] }
        : mail.address === null
          ? {}
          : { send_to: mail.address }),
    },
    evidence: [],
  }
}

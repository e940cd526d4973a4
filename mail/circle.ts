import type { Visibility } from '../db/catalog/mailboxes.ts'

/** Who sees a row, by the ids of members. Both null: everybody in the workspace. */
export interface Circle {
  /** Nobody but these. */
  readonly onlyFor: readonly string[] | null
  /** All but these, who see the whole message in its place. */
  readonly notFor: readonly string[] | null
}

export const EVERYBODY: Circle = { onlyFor: null, notFor: null }

/** The same text for the same circle. */
export const circleKey = ({ onlyFor, notFor }: Circle): string =>
  `${onlyFor?.join(',') ?? '*'} ${notFor?.join(',') ?? ''}`

/** Who sees what of a message, given all mailboxes that it is in. */
export interface Sharing {
  readonly whole: Circle
  /** Who sees the subject and nothing more; null: nobody beside those who see the whole. */
  readonly subject: Circle | null
  /** Who sees that it was written at all: the contact in the history of a person. */
  readonly contactOnlyFor: readonly string[] | null
}

export const SHARED: Sharing = { whole: EVERYBODY, subject: null, contactOnlyFor: null }

/** One mailbox that lets everybody see it is enough; its owners always see the whole. */
export const sharingOf = (
  mailboxes: readonly { readonly memberId: string; readonly visibility: Visibility }[],
): Sharing => {
  if (mailboxes.some(({ visibility }) => visibility === 'team')) return SHARED
  const owners = [...new Set(mailboxes.map(({ memberId }) => memberId))].sort()
  const showsSubject = mailboxes.some(({ visibility }) => visibility === 'subject')
  return {
    whole: { onlyFor: owners, notFor: null },
    subject: showsSubject ? { onlyFor: null, notFor: owners } : null,
    contactOnlyFor: showsSubject ? null : owners,
  }
}

import type { Company, Member, Person } from '../world.ts'

/** Somebody who writes or gets mail. */
export interface Party {
  readonly name: string
  readonly given: string
  readonly address: string
  readonly title?: string
  readonly organisation?: string
  readonly phone?: string
  readonly country: string
  readonly isOurs: boolean
  /** Seed of habits: greeting, signature, HTML, way of quoting. */
  readonly id: string
}

export interface Attachment {
  readonly filename: string
  readonly mimeType: string
  readonly bytes: Uint8Array
}

/** One message before it is written as bytes. */
export interface Letter {
  /** Message-ID without brackets. */
  readonly id: string
  readonly atMs: number
  readonly from: Party
  readonly to: readonly Party[]
  readonly cc: readonly Party[]
  readonly subject: string
  /** What the writer wrote now: greeting to sign-off. */
  readonly text: string
  readonly answers?: Letter
  readonly attachments: readonly Attachment[]
  /** A list or an automatic reply: further headers it carries. */
  readonly bulkHeaders?: Readonly<Record<string, string>>
}

export const memberParty = (member: Member, organisation: string): Party => ({
  id: member.id,
  name: `${member.given} ${member.family}`,
  given: member.given,
  address: member.email,
  title: member.title,
  organisation,
  phone: member.phone,
  country: 'US',
  isOurs: true,
})

export const personParty = (person: Person, address: string = person.emails[0]!): Party => ({
  id: person.id,
  name: `${person.given} ${person.family}`,
  given: person.given,
  address,
  country: person.country,
  isOurs: false,
  ...(person.title === undefined ? {} : { title: person.title }),
  ...(person.company === undefined ? {} : { organisation: person.company.name }),
  ...(person.phone === undefined ? {} : { phone: person.phone }),
})

/** Somebody who is not (yet) in the address book. */
export const strangerParty = (given: string, family: string, address: string, company?: Company): Party => ({
  id: address,
  name: `${given} ${family}`,
  given,
  address,
  country: 'US',
  isOurs: false,
  ...(company === undefined ? {} : { organisation: company.name }),
})

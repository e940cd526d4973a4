import type { Builder } from '../build.ts'
import type { DemoName } from '../world.ts'
import { sundryMail } from './bulk.ts'
import { cobaltMail } from './cobalt-mail.ts'
import { harborviewMail } from './harborview-mail.ts'
import { larkspurMail } from './larkspur-mail.ts'
import type { Letter } from './letter.ts'
import { ordinaryMail } from './ordinary.ts'
import { openPostOffice } from './post-office.ts'
import type { PostOffice } from './post-office.ts'

const KNOWN: Readonly<
  Record<
    DemoName,
    { readonly families: readonly string[]; readonly write: (builder: Builder, office: PostOffice) => void }
  >
> = {
  larkspur: {
    families: ['Whitfield', 'Haddad', 'Brandt', 'Meyer', 'Khan', 'Ellery', 'Thorne'],
    write: larkspurMail,
  },
  cobalt: { families: ['Novak', 'Zhao', 'Saleh', 'Petrov'], write: cobaltMail },
  harborview: { families: ['Jensen', 'Whitmore', 'Demir', 'Vance', 'Ivanova'], write: harborviewMail },
}
const ORDINARY_THREADS = 250

/** Every letter of a workspace, oldest first. */
export const writeLetters = (builder: Builder): readonly Letter[] => {
  const { families, write } = KNOWN[builder.world.slug]
  const office = openPostOffice(builder)
  ordinaryMail(
    builder,
    office,
    ORDINARY_THREADS,
    new Set(builder.world.people.filter(({ family }) => families.includes(family))),
  )
  sundryMail(builder, office)
  write(builder, office)
  return office.letters.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
}

import type { HandleLabel } from './handle.ts'

/**
 * What a workspace hides from models. `standard`: people, companies, deals, addresses and every number that leads to
 * one. `strict`: also places, job titles and amounts. `contacts-only`: people and what reaches them; companies and deals
 * stay readable. `off`: nothing, and only for a model on this machine.
 */
export const POLICIES = ['strict', 'standard', 'contacts-only', 'off'] as const
export type Policy = (typeof POLICIES)[number]

export const isPolicy = (text: string): text is Policy => (POLICIES as readonly string[]).includes(text)

/** What an owner may set for one client alone. Its model is not ours to see, so `off` is no choice. */
export const CLIENT_POLICIES = ['strict', 'standard', 'contacts-only'] as const satisfies readonly Policy[]
export type ClientPolicy = (typeof CLIENT_POLICIES)[number]

export const isClientPolicy = (text: string): text is ClientPolicy =>
  (CLIENT_POLICIES as readonly string[]).includes(text)

const OPEN_TO_CONTACTS_ONLY: ReadonlySet<HandleLabel> = new Set(['COMPANY', 'DEAL', 'PLACE', 'URL'])

/** Whether a policy hides what carries this label. */
export const hides = (policy: Policy, label: HandleLabel): boolean => {
  switch (policy) {
    case 'strict':
    case 'standard':
      return true
    case 'contacts-only':
      return !OPEN_TO_CONTACTS_ONLY.has(label)
    case 'off':
      return false
  }
}

/** Never put back for a model or into an argument of its: they leave this machine under no handle. */
const ONE_WAY: ReadonlySet<HandleLabel> = new Set(['CARD', 'ID', 'SECRET'])

/** Whether a handle of this label may become its value again in a tool's arguments. The owner's own screen may show it. */
export const isOneWay = (label: HandleLabel): boolean => ONE_WAY.has(label)

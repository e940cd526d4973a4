import { CONTACT_PARTS } from './brief-contacts.ts'
import { DEAL_PARTS } from './brief-deals.ts'
import type { BriefPart, Subject } from './brief-subject.ts'

export const BRIEF_KINDS = ['daily', 'meeting', 'account', 'pipeline'] as const
export type BriefKind = (typeof BRIEF_KINDS)[number]

const MAKE = { ...CONTACT_PARTS, ...DEAL_PARTS }

export type PartName = keyof typeof MAKE
export const PART_NAMES = Object.keys(MAKE) as [PartName, ...PartName[]]

/** Parts of each kind of brief, in order. */
export const USUAL_PARTS: Readonly<Record<BriefKind, readonly PartName[]>> = {
  daily: ['meetings', 'reminders', 'tasks', 'open_threads', 'closing', 'quiet_deals'],
  meeting: ['people', 'deal', 'last_interactions', 'open_threads', 'tasks', 'meetings'],
  account: [
    'people',
    'deal',
    'closed_deals',
    'moved',
    'last_interactions',
    'open_threads',
    'tasks',
    'meetings',
  ],
  pipeline: ['stages', 'closing', 'overdue_deals', 'quiet_deals', 'moved', 'closed_lately'],
}

/** One part of a brief on this subject; undefined when it does not apply. */
export const briefPart = (name: PartName, subject: Subject): BriefPart | undefined => MAKE[name](subject)

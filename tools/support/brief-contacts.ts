import { catalog } from '../../db/catalog/all.ts'
import { about, is, quiet } from './brief-subject.ts'
import type { MakePart } from './brief-subject.ts'
import { inDays, since } from './brief-words.ts'

const RECENT_DAYS = 90

/** Parts about people, mail, meetings and what is to be done. */
export const CONTACT_PARTS = {
  people: (subject) => {
    const where = about('people', subject)
    if (!where || subject.entity === undefined) return undefined
    return {
      title: subject.entity === 'people' ? 'Others at the company' : 'People',
      why:
        subject.entity === 'deals'
          ? 'They take part in the deal.'
          : 'They work there; the latest contact first.',
      query: {
        find: 'people',
        where,
        fields: ['name', 'title', 'role', 'owner', 'last_interaction_at'],
        order: ['-last_interaction_at'],
      },
      rowWhy: quiet,
    }
  },
  last_interactions: (subject) => {
    const where = about('interactions', subject)
    return (
      where && {
        title: 'Last contacts',
        why: 'The latest mail, calls and meetings.',
        query: {
          find: 'interactions',
          where: [{ field: 'occurred_at', op: '<=', value: 'now' }, ...where, ...is('member', subject.whose)],
          fields: ['id', 'kind', 'direction', 'occurred_at', 'summary', 'people', 'member'],
          order: ['-occurred_at'],
        },
        rowWhy: (row, today) =>
          typeof row['occurred_at'] === 'string' ? since(row['occurred_at'], today) : '',
      }
    )
  },
  open_threads: (subject) => {
    const where = about('threads', subject)
    if (!where) return undefined
    const isDay = subject.entity === undefined
    return {
      title: isDay ? 'Mail that waits for us' : 'Open mail threads',
      why: isDay ? 'They wrote last; the latest first.' : 'Somebody waits for an answer: we, or they.',
      query: {
        find: 'threads',
        where: [
          ...where,
          ...is('owner', subject.whose),
          { field: 'last_at', op: '>=', value: `-${RECENT_DAYS}d` },
          isDay
            ? { field: 'needs_reply', value: true }
            : {
                any: [
                  { field: 'needs_reply', op: '=', value: true },
                  { field: 'last_direction', op: '=', value: 'outbound' },
                ],
              },
        ],
        fields: ['id', 'subject', 'person', 'company', 'last_at', 'last_direction', 'needs_reply', 'owner'],
        order: ['-last_at'],
      },
      rowWhy: (row, today) => {
        const when = typeof row['last_at'] === 'string' ? since(row['last_at'], today) : ''
        return row['needs_reply'] === true
          ? `waits for us: they wrote ${when}`
          : `waits for them: we wrote ${when}`
      },
    }
  },
  tasks: (subject) => {
    const where = about('tasks', subject)
    const isDay = subject.entity === undefined
    return (
      where && {
        title: isDay ? 'Tasks due' : 'Open tasks',
        why: isDay ? 'Due today or overdue.' : 'Not done yet; what is due first comes first.',
        query: {
          find: 'tasks',
          where: [
            { field: 'done', value: false },
            ...where,
            ...is('assignee', subject.whose),
            ...(isDay ? [{ field: 'due_at', op: '<=' as const, value: 'today' }] : []),
          ],
          fields: ['id', 'title', 'due_at', 'assignee', 'company', 'deal', 'people'],
          order: ['due_at'],
        },
        rowWhy: (row, today) =>
          typeof row['due_at'] === 'string' ? inDays(row['due_at'], today) : 'no due date',
      }
    )
  },
  meetings: (subject) => {
    const where = about('meetings', subject)
    if (!where || !catalog.has('meetings')) return undefined
    const isDay = subject.entity === undefined
    return {
      title: isDay ? 'Meetings today' : 'Meetings ahead',
      why: isDay ? 'They are on the calendar of the day.' : 'They are on the calendar.',
      query: {
        find: 'meetings',
        where: [
          { field: 'starts_at', op: isDay ? '=' : '>=', value: isDay ? 'today' : 'now' },
          ...where,
          ...is('member', subject.whose),
        ],
        fields: ['id', 'title', 'starts_at', 'company', 'deal', 'member', 'place'],
        order: ['starts_at'],
      },
      rowWhy: (row, today) =>
        typeof row['starts_at'] === 'string' ? `starts ${inDays(row['starts_at'], today)}` : '',
    }
  },
  reminders: (subject) =>
    catalog.has('reminders') && subject.entity === undefined
      ? {
          title: 'Reminders',
          why: 'Asked for by today, and not done.',
          query: {
            find: 'reminders',
            where: [
              { field: 'done_at', op: 'empty' },
              { field: 'remind_at', op: '<=', value: 'today' },
              ...is('member', subject.whose),
            ],
            fields: ['id', 'title', 'remind_at', 'person', 'company', 'deal', 'member'],
            order: ['remind_at'],
          },
          rowWhy: (row, today) =>
            typeof row['remind_at'] === 'string' ? inDays(row['remind_at'], today) : '',
        }
      : undefined,
} as const satisfies Readonly<Record<string, MakePart>>

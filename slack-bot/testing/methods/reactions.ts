import { refuse, type Method } from './method.ts'

const react =
  (change: 'add' | 'remove'): Method =>
  ({ world, fields }) => {
    const message = world.message(fields.channel, fields.timestamp)
    if (!message) return refuse('message_not_found')
    const same = world.reactions.findIndex(({ name, ts }) => name === fields.name && ts === message.ts)
    if (change === 'add') {
      if (same >= 0) return refuse('already_reacted')
      world.reactions.push({ name: fields.name, ts: message.ts, channel: message.channel })
    } else {
      if (same < 0) return refuse('no_reaction')
      world.reactions.splice(same, 1)
    }
    return { ok: true }
  }

export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': react('add'),
  'reactions.remove': react('remove'),
}

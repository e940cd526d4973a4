import { randomUUID } from 'node:crypto'
import { checkView } from '../validate.ts'
import { APP, TEAM, textOf, type Fields } from '../world.ts'
import { refuse, type Call, type Method, type Reply } from './method.ts'

/** A trigger serves once, for three seconds. */
const spendTrigger = ({ world, fields, times }: Call): string | undefined => {
  const trigger = world.triggers.get(textOf(fields.trigger_id))
  if (!trigger) return 'invalid_trigger_id'
  if (trigger.used) return 'exchanged_trigger_id'
  if (world.clock.now() - trigger.atMs > times.triggerTtlMs) return 'expired_trigger_id'
  trigger.used = true
  return undefined
}

const invalid = (wrong: readonly string[]): Reply =>
  refuse('invalid_arguments', { response_metadata: { messages: wrong } })

const stored = (id: string, view: Fields, more: Fields = {}): Fields => ({
  ...view,
  id,
  hash: `${Date.now()}.${randomUUID().slice(0, 8)}`,
  team_id: TEAM,
  app_id: APP,
  state: { values: {} },
  root_view_id: id,
  ...more,
})

const opened =
  (more: (call: Call) => Fields): Method =>
  (call) => {
    const spent = spendTrigger(call)
    if (spent) return refuse(spent)
    const wrong = checkView(call.fields.view)
    if (wrong.length > 0) return invalid(wrong)
    const view = stored(call.world.id('V'), call.fields.view as Fields, more(call))
    call.world.views.set(textOf(view.id), view)
    return { ok: true, view }
  }

const update: Method = ({ world, fields }) => {
  const found = fields.external_id
    ? [...world.views.values()].find((view) => view.external_id === fields.external_id)
    : world.views.get(textOf(fields.view_id))
  if (!found) return refuse('not_found')
  if (fields.hash !== undefined && fields.hash !== found.hash) return refuse('hash_conflict')
  const wrong = checkView(fields.view)
  if (wrong.length > 0) return invalid(wrong)
  const view = stored(textOf(found.id), fields.view as Fields, { root_view_id: found.root_view_id })
  world.views.set(textOf(view.id), view)
  return { ok: true, view }
}

const publish: Method = ({ world, fields }) => {
  if (!world.users.has(textOf(fields.user_id))) return refuse('user_not_found')
  if ((fields.view as Fields).type !== 'home') return invalid(['must be home [json-pointer:/view/type]'])
  const wrong = checkView(fields.view)
  if (wrong.length > 0) return invalid(wrong)
  const view = stored(world.id('V'), fields.view as Fields)
  world.homes.set(textOf(fields.user_id), view)
  return { ok: true, view }
}

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': opened(() => ({})),
  'views.push': opened(() => ({})),
  'views.update': update,
  'views.publish': publish,
}

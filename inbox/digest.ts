import type { Request, Response, Router } from 'express'
import type { Database } from '../db/connect.ts'
import { listPreferences, setPreference } from '../db/memory.ts'
import { standingOf } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import type { DigestFacts } from '../digest/facts.ts'
import { makeDigest } from '../digest/make.ts'
import { SECTIONS } from '../digest/layout.ts'
import { changePolicy, DIGEST_CHANNELS, QUIET_MODES } from '../digest/policy.ts'
import type { DigestChannelName, PolicyChange } from '../digest/policy.ts'
import { readPreview } from '../digest/preview.ts'
import { notFound } from '../domain/errors.ts'
import { propose } from '../writeback/propose.ts'
import { memberName } from '../writeback/show.ts'
import { digestPage } from './digest-page.ts'
import type { Notice } from './layout.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, fieldsOf, textOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

const channelOf = (request: Request): DigestChannelName => {
  const found = DIGEST_CHANNELS.find((one) => one === textOf(request.params['channel']))
  if (found) return found
  throw notFound('no_channel', 'Digests do not go that way.')
}

/** Everything that is so, told before or not; of Slack, what all may see. */
const read = async (database: Database, { actor }: Session, channel: DigestChannelName) => {
  const parts = await asTenant(
    database,
    actor,
    async (tx) => {
      const role = await standingOf(tx, actor)
      const workspace = await ownWorkspace(tx)
      const previewed = await readPreview(tx, { workspace, actor, channel })
      const name = await memberName(tx, actor.memberId)
      const mine = await listPreferences(tx, actor.memberId)
      const isOut = mine.some((one) => one.name === 'digest' && one.value === 'off')
      return { role, workspace, name, isOut, ...previewed }
    },
    { readOnly: true },
  )
  const { facts } = await makeDigest(database, {
    ...parts,
    tenantId: actor.tenantId,
    inboxUrl: '/inbox',
    isPreview: true,
  })
  return { ...parts, facts }
}

const show = async (
  database: Database,
  response: Response,
  session: Session,
  {
    channel,
    notice,
    status,
  }: { readonly channel: DigestChannelName; readonly notice?: Notice; readonly status?: number },
): Promise<void> => {
  const { role, workspace, policy, facts, name, isOut } = await read(database, session, channel)
  const { csrf } = session
  const mayKeep = role === 'owner' || role === 'admin'
  sendPage(
    response,
    { title: 'Digest', person: { name, workspace: workspace.name, csrf } },
    digestPage({ policy, facts, isOut, mayKeep, csrf, notice }),
    status,
  )
}

const changeIn = (request: Request): PolicyChange => {
  const [hours = '', minutes = ''] = fieldOf(request, 'at').split(':')
  const to = fieldOf(request, 'to').trim().toLowerCase()
  const destination = fieldOf(request, 'destination').trim()
  return {
    isEnabled: fieldOf(request, 'on') === 'on',
    minuteOfDay: Number(hours) * 60 + Number(minutes),
    timezone: fieldOf(request, 'zone').trim(),
    weekdays: fieldsOf(request, 'day').map(Number),
    sections: SECTIONS.filter((one) => fieldsOf(request, 'section').includes(one)),
    quiet: QUIET_MODES.find((mode) => mode === fieldOf(request, 'quiet')) ?? 'note',
    ...(destination === '' ? {} : { destination }),
    ...(to === ''
      ? {}
      : { recipients: to === 'admins' || to === 'everyone' ? to : to.split(',').map((one) => one.trim()) }),
  }
}

const readyOf = ({ lanes, window }: DigestFacts, key: string) => {
  const item = Object.values(lanes)
    .flat()
    .find((one) => one.key === key)
  if (item?.ready.kind === 'propose')
    return { ...item.ready, onceAs: `digest:${key}:${item.fingerprint}:${window.date}` }
  throw notFound('item_gone', 'That is handled by now.', { fix: 'Look at what is still open.' })
}

/** `/digest/mail` and `/digest/slack`: what is open, each line with its proposal behind a button; when it is sent, and to whom; a member's own yes or no. */
export const mountDigest = (router: Router, database: Database, signedIn: SignedIn): void => {
  router.get(
    '/digest/:channel',
    signedIn((request, response, session) =>
      show(database, response, session, { channel: channelOf(request) }),
    ),
  )
  router.post(
    '/digest/:channel/policy',
    signedIn(async (request, response, session) => {
      const channel = channelOf(request)
      const { actor } = session
      try {
        await asTenant(database, actor, async (tx) =>
          changePolicy(tx, actor, {
            database,
            workspace: await ownWorkspace(tx),
            channel,
            change: changeIn(request),
            now: new Date(),
          }),
        )
      } catch (thrown) {
        await show(database, response, session, { channel, ...refusalOf(thrown) })
        return
      }
      await show(database, response, session, { channel, notice: { tone: 'good', text: 'Saved.' } })
    }),
  )
  router.post(
    '/digest/mail/mine',
    signedIn(async (request, response, session) => {
      const { actor } = session
      const value = fieldOf(request, 'send') === 'on' ? 'on' : 'off'
      await asTenant(database, actor, (tx) => setPreference(tx, actor.memberId, { name: 'digest', value }))
      const text = value === 'on' ? 'You get yours again.' : 'You get none by mail any more.'
      await show(database, response, session, { channel: 'mail', notice: { tone: 'good', text } })
    }),
  )
  router.post(
    '/digest/:channel/propose',
    signedIn(async (request, response, session) => {
      const channel = channelOf(request)
      const { actor } = session
      try {
        const { facts, workspace } = await read(database, session, channel)
        const { reason, changes, onceAs } = readyOf(facts, fieldOf(request, 'key'))
        const { proposal } = await asTenant(database, actor, (tx) =>
          propose(tx, {
            input: { reason, changes },
            actor,
            workspace,
            now: nowOf(workspace),
            conversationId: null,
            // Pressed twice it is the same proposal.
            onceAs: `${onceAs}:${actor.memberId}`,
          }),
        )
        response.redirect(303, `/inbox/proposals/${proposal.id}`)
      } catch (thrown) {
        await show(database, response, session, { channel, ...refusalOf(thrown) })
      }
    }),
  )
}

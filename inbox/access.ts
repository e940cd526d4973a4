import type { Request, Response, Router } from 'express'
import { listAccessTokens, revokeAccessToken, setTokenPolicy } from '../db/access-tokens.ts'
import type { AccessToken } from '../db/access-tokens.ts'
import type { Database } from '../db/connect.ts'
import {
  createMemberCode,
  endMemberCode,
  listSlackLinks,
  openMemberCode,
  peekSlackCode,
  redeemAsMember,
  unlinkSlack,
} from '../db/slack-links.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import { denied, notFound, userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { may } from '../domain/permissions.ts'
import { CLIENT_POLICIES, isClientPolicy } from '../domain/policy.ts'
import type { ClientPolicy } from '../domain/policy.ts'
import { memberName } from '../writeback/show.ts'
import { accessPage } from './access-pages.ts'
import type { AccessPage, ListedToken } from './access-pages.ts'
import type { Notice } from './layout.ts'
import { refusalOf, sendPage } from './reply.ts'
import type { Session } from './session.ts'
import { fieldOf, signedInWith, textOf } from './signed-in.ts'
import type { SignedInHandler } from './signed-in.ts'

/** The newest that are shown; `tact tokens list` has all of them. */
const MOST_TOKENS = 100

interface Shown {
  readonly code?: string
  readonly asking?: AccessPage['asking']
  readonly notice?: Notice
  readonly status?: number
}

const named = async (
  tx: TenantTx,
  tokens: readonly AccessToken[],
  own: string | null,
): Promise<readonly ListedToken[]> => {
  const names = new Map<string, string>()
  const listed: ListedToken[] = []
  for (const token of tokens) {
    const { memberId } = token
    if (memberId !== own && !names.has(memberId)) names.set(memberId, await memberName(tx, memberId))
    listed.push({ token, owner: memberId === own ? null : names.get(memberId)! })
  }
  return listed
}

const show = async (
  database: Database,
  response: Response,
  { actor, csrf }: Session,
  { code, asking, notice, status }: Shown = {},
): Promise<void> => {
  const { frame, content } = await asTenant(
    database,
    actor,
    async (tx) => {
      const role = await assertStanding(tx, actor, 'read')
      const member = actor.memberId
      if (member === null) throw denied('no_member', 'Only members of this workspace may do that.')
      const workspace = await ownWorkspace(tx)
      const all = await listAccessTokens(tx)
      const theirs = may(role, 'tokens') ? all : all.filter(({ memberId }) => memberId === member)
      const drawn = accessPage({
        links: await listSlackLinks(tx, member),
        openUntil: await openMemberCode(tx, member),
        code: code ?? null,
        asking: asking ?? null,
        tokens: await named(tx, theirs.slice(0, MOST_TOKENS), member),
        maySetPolicy: may(role, 'policy'),
        notice,
        csrf,
        timezone: workspace.timezone,
        nowMs: Date.now(),
      })
      const name = await memberName(tx, member)
      return { frame: { title: 'Access', person: { name, workspace: workspace.name, csrf } }, content: drawn }
    },
    { readOnly: true },
  )
  sendPage(response, frame, content, status)
}

const idIn = (request: Request): string => {
  const id = textOf(request.params['id'])
  if (isUuid(id)) return id
  throw notFound('unknown_id', 'There is nothing of that id.')
}

/** One's own, or with the permission anybody's of the workspace. */
const revoke = async (tx: TenantTx, { actor }: Session, id: string): Promise<void> => {
  const found = (await listAccessTokens(tx)).find((one) => one.id === id)
  await assertStanding(tx, actor, found?.memberId === actor.memberId ? 'read' : 'tokens')
  await revokeAccessToken(tx, id)
}

/** Null: as the workspace has it. */
const policyIn = (request: Request): ClientPolicy | null => {
  const wanted = fieldOf(request, 'policy')
  if (wanted === 'workspace') return null
  if (isClientPolicy(wanted)) return wanted
  throw userError('bad_policy', 'There is no such policy.', {
    fix: `Choose one of ${CLIENT_POLICIES.join(', ')}, or workspace.`,
  })
}

/** `/inbox/access`: one's Slack users, made by a one-time code in either direction, tokens and sessions to revoke,
 * and for owners what is hidden from the client of each. */
export const mountAccess = (router: Router, database: Database): void => {
  const signedIn = signedInWith(database)
  const refusing =
    (handle: SignedInHandler): SignedInHandler =>
    async (request, response, session) => {
      try {
        await handle(request, response, session)
      } catch (thrown) {
        await show(database, response, session, refusalOf(thrown))
      }
    }
  const changing = (change: (tx: TenantTx, request: Request, session: Session) => Promise<void>) =>
    signedIn(
      refusing(async (request, response, session) => {
        await asTenant(database, session.actor, (tx) => change(tx, request, session))
        response.redirect(303, '/inbox/access')
      }),
    )
  router.get(
    '/access',
    signedIn(
      refusing(async (request, response, session) => {
        const code = textOf(request.query['code'])
        const user = code === '' ? undefined : await peekSlackCode(database, session.actor, code)
        if (code !== '' && !user)
          throw notFound('code_gone', 'This code was used, is too old, or is none of ours.')
        await show(database, response, session, user ? { asking: { code, user } } : {})
      }),
    ),
  )
  router.post(
    '/access/slack-codes',
    signedIn(
      refusing(async (_request, response, session) => {
        const { code } = await asTenant(database, session.actor, (tx) => createMemberCode(tx, session.actor))
        await show(database, response, session, { code })
      }),
    ),
  )
  router.post(
    '/access/slack-codes/end',
    changing((tx, _request, { actor }) => endMemberCode(tx, actor)),
  )
  router.post(
    '/access/slack-links',
    signedIn(
      refusing(async (request, response, session) => {
        await redeemAsMember(database, session.actor, fieldOf(request, 'code'))
        response.redirect(303, '/inbox/access')
      }),
    ),
  )
  router.post(
    '/access/slack-links/:id/end',
    changing((tx, request, { actor }) => unlinkSlack(tx, actor, idIn(request))),
  )
  router.post(
    '/access/tokens/:id/revoke',
    changing((tx, request, session) => revoke(tx, session, idIn(request))),
  )
  router.post(
    '/access/tokens/:id/policy',
    changing((tx, request, { actor }) =>
      setTokenPolicy(tx, actor, { id: idIn(request), policy: policyIn(request) }),
    ),
  )
}

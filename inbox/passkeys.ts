import type { Request, Response, Router } from 'express'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { isIP } from 'node:net'
import type { Database } from '../db/connect.ts'
import { addPasskey, countPasskey, findPasskey, listPasskeys, removePasskey } from '../db/passkeys.ts'
import type { Passkey } from '../db/passkeys.ts'
import { asTenant } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { userError } from '../domain/errors.ts'
import { memberName } from '../writeback/show.ts'
import { passkeysPage, passkeySignInPage } from './passkey-pages.ts'
import { refusalOf, sendMessage, sendPage } from './reply.ts'
import { setCookie, startSession } from './session.ts'
import type { Session } from './session.ts'
import { fieldOf, textOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

const CHALLENGE_MS = 5 * 60_000
/** Most that are open at once; the oldest goes. */
const MOST_OPEN = 1_000
const MAX_NAME = 60
/** base64url of at most 1,023 bytes, as the standard has it. */
const CREDENTIAL_ID = /^[\w-]{1,1364}$/

/** Where keys are good: a name, since no browser makes one for an address of the network. */
const siteOf = ({ headers: { host = '' } }: Request): string | undefined => {
  const name = host.replace(/:\d+$/, '')
  return name === '' || name.startsWith('[') || isIP(name) !== 0 ? undefined : name
}

/** Challenges that were given out; each is good once, for five minutes, for the one it was made for. */
const openChallenges = () => {
  const open = new Map<string, { readonly whose: string; readonly until: number }>()
  return {
    add: (challenge: string, whose: string): void => {
      open.set(challenge, { whose, until: Date.now() + CHALLENGE_MS })
      if (open.size > MOST_OPEN) open.delete(open.keys().next().value!)
    },
    use: (challenge: string, whose: string): boolean => {
      const found = open.get(challenge)
      open.delete(challenge)
      return found !== undefined && found.whose === whose && found.until > Date.now()
    },
  }
}

const ANYBODY = ''

const notProven = () =>
  userError('passkey_refused', 'That passkey was not accepted.', {
    fix: 'Try again, or use the sign-in link that `tact up` printed.',
  })

const responseIn = (request: Request): unknown => {
  try {
    return JSON.parse(fieldOf(request, 'response'))
  } catch {
    throw notProven()
  }
}

/** What a library of others throws about a response is said in our words. */
const proven = <T extends { readonly verified: boolean }>(verifying: Promise<T>): Promise<T> =>
  verifying.then(
    (result) => {
      if (!result.verified) throw notProven()
      return result
    },
    () => {
      throw notProven()
    },
  )

interface Parts {
  readonly database: Database
  readonly challenges: ReturnType<typeof openChallenges>
}

const signIn = async ({ database, challenges }: Parts, request: Request): Promise<Actor> => {
  const site = siteOf(request)
  const response = responseIn(request) as AuthenticationResponseJSON | null
  const id = typeof response?.id === 'string' && CREDENTIAL_ID.test(response.id) ? response.id : undefined
  const found = id === undefined ? undefined : await findPasskey(database, id)
  if (site === undefined || !response || !found) throw notProven()
  const { authenticationInfo } = await proven(
    verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => challenges.use(challenge, ANYBODY),
      expectedOrigin: request.headers.origin ?? '',
      expectedRPID: site,
      credential: { ...found.key, transports: [...found.key.transports] },
      requireUserVerification: true,
    }),
  )
  if (!(await countPasskey(database, found, authenticationInfo.newCounter))) throw notProven()
  const { tenantId, memberId, role } = found
  return { tenantId, memberId, role, via: 'inbox' }
}

const register = async (
  { database, challenges }: Parts,
  request: Request,
  { actor, tokenId }: Session,
): Promise<void> => {
  const site = siteOf(request)
  if (site === undefined) throw notProven()
  const { registrationInfo } = await proven(
    verifyRegistrationResponse({
      response: responseIn(request) as RegistrationResponseJSON,
      expectedChallenge: (challenge) => challenges.use(challenge, tokenId),
      expectedOrigin: request.headers.origin ?? '',
      expectedRPID: site,
      requireUserVerification: true,
    }),
  )
  if (!registrationInfo) throw notProven()
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential
  const name = fieldOf(request, 'name').trim().slice(0, MAX_NAME) || 'passkey'
  await asTenant(database, actor, (tx) => addPasskey(tx, actor, { id, publicKey, counter, transports, name }))
}

const creationOptions = (site: string, name: string, own: readonly Passkey[]) =>
  generateRegistrationOptions({
    rpName: 'Tact',
    rpID: site,
    userName: name,
    attestationType: 'none',
    excludeCredentials: own.map(({ credentialId: id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })

/**
 * `/passkeys`: one's own, to add and remove; and the way in by one, beside the link. A challenge stands in the page and
 * the answer comes back in a form, so that the script needs no connections.
 */
export const mountPasskeys = (router: Router, database: Database, signedIn: SignedIn): void => {
  const parts = { database, challenges: openChallenges() }
  const show = async (
    request: Request,
    response: Response,
    { actor, tokenId, csrf }: Session,
    refused?: ReturnType<typeof refusalOf>,
  ): Promise<void> => {
    const site = siteOf(request)
    const { own, name, workspace } = await asTenant(
      database,
      actor,
      async (tx) => ({
        own: await listPasskeys(tx, actor.memberId!),
        name: await memberName(tx, actor.memberId),
        workspace: await ownWorkspace(tx),
      }),
      { readOnly: true },
    )
    const options =
      site === undefined ? undefined : await creationOptions(site, `${name}, ${workspace.name}`, own)
    if (options) parts.challenges.add(options.challenge, tokenId)
    const { timezone } = workspace
    const page = passkeysPage({ own, options, csrf, timezone, notice: refused?.notice })
    sendPage(
      response,
      { title: 'Passkeys', person: { name, workspace: workspace.name, csrf } },
      page,
      refused?.status,
    )
  }
  router.get(
    '/passkeys',
    signedIn((request, response, session) => show(request, response, session)),
  )
  const changing = (change: (request: Request, session: Session) => Promise<void>) =>
    signedIn(async (request, response, session) => {
      try {
        await change(request, session)
      } catch (thrown) {
        await show(request, response, session, refusalOf(thrown))
        return
      }
      response.redirect(303, '/inbox/passkeys')
    })
  router.post(
    '/passkeys',
    changing((request, session) => register(parts, request, session)),
  )
  router.post(
    '/passkeys/:id/remove',
    changing((request, { actor }) =>
      asTenant(database, actor, (tx) => removePasskey(tx, actor, textOf(request.params['id']))),
    ),
  )
  router.get('/sign-in/passkey', async (request, response) => {
    const rpID = siteOf(request)
    if (rpID === undefined) {
      sendMessage(response, 404, 'No passkeys here', 'A passkey needs a name: open the inbox by localhost.')
      return
    }
    const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
    parts.challenges.add(options.challenge, ANYBODY)
    sendPage(response, { title: 'Sign in', person: null }, passkeySignInPage(options))
  })
  router.post('/sign-in/passkey', async (request, response) => {
    try {
      setCookie(request, response, await startSession(database, await signIn(parts, request)))
    } catch (thrown) {
      const { notice } = refusalOf(thrown)
      sendMessage(response, 401, 'Not signed in', `${notice.text} ${notice.fix ?? ''}`)
      return
    }
    response.redirect(303, '/inbox')
  })
}

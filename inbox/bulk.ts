import type { Router } from 'express'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { conflict, denied, userError } from '../domain/errors.ts'
import { approveAndExecute } from '../writeback/execute.ts'
import { getProposal } from '../writeback/list.ts'
import { mayGoInBulk } from './card-actions.ts'
import type { Notice } from './layout.ts'
import { tabOf } from './pages.ts'
import { refusalOf, sendPage } from './reply.ts'
import { drawList } from './scene.ts'
import type { Session } from './session.ts'
import { fieldsOf } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

const MOST_AT_ONCE = 50

interface Pick {
  readonly id: string
  readonly hash: string
}

const picksIn = (values: readonly string[]): readonly Pick[] => {
  const picks = values.map((value) => {
    const [id = '', hash = ''] = value.split(' ')
    return { id, hash }
  })
  if (picks.length > 0 && picks.length <= MOST_AT_ONCE) return picks
  throw userError('nothing_chosen', `Between 1 and ${MOST_AT_ONCE} proposals are approved at once.`, {
    fix: 'Choose some in the queue.',
  })
}

/** A yes to one of several, by the same rules as alone, and only where bulk is allowed. Answers its state. */
const approveOne = async (database: Database, { actor }: Session, { id, hash }: Pick): Promise<string> => {
  const { now, shown } = await asTenant(database, actor, async (tx) => {
    const workspace = await ownWorkspace(tx)
    const at = nowOf(workspace)
    return { now: at, shown: await getProposal({ tx, workspace, now: at }, id) }
  })
  if (shown.state === 'pending' && !mayGoInBulk(shown)) {
    throw denied('one_by_one', 'This proposal is approved on its own page.', {
      fix: 'Open it and look at it.',
    })
  }
  const { state } = await approveAndExecute(database, { proposalId: id, hash, decider: actor, now })
  if (state !== 'executed') throw conflict('not_written', `The proposal is ${state}.`)
  return state
}

/** `/bulk`: a yes to several proposals at once, each in a transaction of its own; what is refused stays as it was. */
export const mountBulk = (router: Router, database: Database, signedIn: SignedIn): void => {
  router.post(
    '/bulk',
    signedIn(async (request, response, session) => {
      const refused: string[] = []
      let notice: Notice
      try {
        const picks = picksIn(fieldsOf(request, 'pick'))
        for (const pick of picks) {
          try {
            await approveOne(database, session, pick)
          } catch (thrown) {
            refused.push(refusalOf(thrown).notice.text)
          }
        }
        const done = picks.length - refused.length
        notice =
          refused.length === 0
            ? { tone: 'good', text: `${done} written.` }
            : {
                tone: 'bad',
                text: `${done} written, ${refused.length} not.`,
                fix: [...new Set(refused)].join(' '),
              }
      } catch (thrown) {
        notice = refusalOf(thrown).notice
      }
      const { frame, content } = await drawList(database, session, {
        tab: tabOf('waiting'),
        filter: {},
        after: undefined,
        notice,
      })
      sendPage(response, frame, content)
    }),
  )
}

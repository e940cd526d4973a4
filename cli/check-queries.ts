import { asTenant } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import { nowOf } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { checkDrift, savedQueries } from '../query/kept.ts'
import type { Drift } from '../query/kept.ts'
import type { House } from './compose.ts'

/** Puts every verified question of a workspace again, each in a transaction of its own. */
export const checkQueries = async (
  { database }: Pick<House, 'database'>,
  workspace: Workspace,
  { actor, now = nowOf(workspace) }: { readonly actor: Actor; readonly now?: Date },
): Promise<readonly Drift[]> => {
  const readOnly = { readOnly: true } as const
  const verified = await asTenant(database, actor, (tx) => savedQueries(tx, { verified: true }), readOnly)
  const found: Drift[] = []
  for (const saved of verified)
    found.push(
      // The database ends a transaction that it refused a statement of: what was found is kept outside it.
      await asTenant(
        database,
        actor,
        (tx) => checkDrift(tx, saved, { workspace, actor, now }),
        readOnly,
      ).catch((): Drift => ({ name: saved.name, drift: 'refused', detail: 'database' })),
    )
  return found
}

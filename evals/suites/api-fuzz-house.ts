import { openApiFuzz } from '../../cli/testing/api-fuzz.ts'
import type { ApiFuzz } from '../../cli/testing/api-fuzz.ts'
import { actorFor } from '../../db/members.ts'
import type { EngineName } from '../../db/connect.ts'
import { findWorkspace } from '../../db/workspace.ts'
import { openDemoHouse } from '../demo-house.ts'

export interface ApiFuzzHouse {
  readonly fuzz: ApiFuzz
  readonly engine: EngineName
  readonly close: () => Promise<void>
}

/** The API over the demo, asked in one workspace while another one beside it must stay unseen. */
export const openApiFuzzHouse = async (
  postgresUrl: string | undefined,
  seed: number,
): Promise<ApiFuzzHouse> => {
  const { house, close } = await openDemoHouse(postgresUrl === undefined ? {} : { postgresUrl })
  const { database } = house
  const [here, there] = await Promise.all(['cobalt', 'larkspur'].map((slug) => findWorkspace(database, slug)))
  if (!here || !there) throw new Error('the demo has no workspaces cobalt and larkspur')
  const actor = await actorFor(database, here, 'jenna@cobalt.example', 'cli')
  const other = await actorFor(database, there, undefined, 'cli')
  const fuzz = await openApiFuzz(house, { actor, other, seed })
  return {
    fuzz,
    engine: database.engine,
    close: async () => {
      await fuzz.close()
      await close()
    },
  }
}

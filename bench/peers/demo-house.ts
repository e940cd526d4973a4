import { openHouse, type House } from '../../cli/compose.ts'
import { prepareDemo } from '../../cli/demo-prepare.ts'
import { silentIo } from '../../cli/testing/silent-io.ts'
import { loadConfig } from '../../config.ts'

/** The house of these settings, with the three demo workspaces in it. */
export const openWithDemo = async (environment: Readonly<Record<string, string>>): Promise<House> => {
  const house = await openHouse(loadConfig(environment))
  await prepareDemo(house, silentIo(house.config.TACT_HOME))
  return house
}

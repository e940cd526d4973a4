import { PassThrough } from 'node:stream'
import { openHouse, type House } from '../../cli/compose.ts'
import { prepareDemo } from '../../cli/demo-prepare.ts'
import { loadConfig } from '../../config.ts'

/** The house of these settings, with the three demo workspaces in it. */
export const openWithDemo = async (environment: Readonly<Record<string, string>>): Promise<House> => {
  const house = await openHouse(loadConfig(environment))
  await prepareDemo(house, {
    stdin: new PassThrough(),
    out: () => {},
    err: () => {},
    fancy: false,
    interactive: false,
    columns: 100,
    cwd: house.config.TACT_HOME,
    signal: new AbortController().signal,
  })
  return house
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse, type House } from '../cli/compose.ts'
import { prepareDemo } from '../cli/demo-prepare.ts'
import { silentIo } from '../cli/testing/silent-io.ts'
import { loadConfig } from '../config.ts'

export interface DemoHouse {
  readonly house: House
  readonly close: () => Promise<void>
}

/**
 * The whole product over the three demo workspaces, in a directory of its own that goes when it is closed; or in an empty
 * Postgres database at `postgresUrl`.
 */
export const openDemoHouse = async (options: { readonly postgresUrl?: string } = {}): Promise<DemoHouse> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-eval-'))
  const house = await openHouse(
    loadConfig({
      TACT_HOME: home,
      TACT_PORT: '0',
      TACT_MCP_PER_MINUTE: '1000000',
      ...(options.postgresUrl === undefined ? {} : { DATABASE_URL: options.postgresUrl }),
    }),
  )
  await prepareDemo(house, silentIo(home))
  return {
    house,
    close: async () => {
      await house.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Slug of the demo that plays a vertical of the question sets. */
export const DEMO_OF: Readonly<Record<string, string>> = {
  vc: 'larkspur',
  fund: 'larkspur',
  b2b: 'cobalt',
  sales: 'cobalt',
  realestate: 'harborview',
  brokerage: 'harborview',
}

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { triedAgain } from './scripts/tried-again.ts'

/** Files that change for good what the modules of a process hold. */
const ALONE = ['tools/new-entity.test.ts']
const CODE = fileURLToPath(new URL('node_modules/.cache/tact-tests-code', import.meta.url))

const each = {
  pool: 'forks' as const,
  testTimeout: 120_000,
  hookTimeout: 180_000,
  // One try more on a machine that does too much at once; what needed it is told at the end of the run.
  retry: 1,
  // Processes that tests start keep what they compiled for the next.
  env: { NO_COLOR: '1', NODE_COMPILE_CACHE: CODE },
}

export default defineConfig({
  test: {
    reporters: ['default', triedAgain],
    globalSetup: ['scripts/test-servers.ts'],
    maxWorkers: 2,
    teardownTimeout: 30_000,
    projects: [
      {
        test: {
          ...each,
          name: 'shared',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', 'dist/**', ...ALONE],
          // The files of one process share their modules, so that each need not load, compile and warm them anew.
          isolate: false,
        },
      },
      { test: { ...each, name: 'alone', include: ALONE } },
    ],
  },
})

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const CODE = fileURLToPath(new URL('node_modules/.cache/tact-tests-code', import.meta.url))

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    globalSetup: ['scripts/test-servers.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // The files of one process share their modules, so that 180 files do not each load, compile and warm them anew.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    // Processes that tests start keep what they compiled for the next.
    env: { NO_COLOR: '1', NODE_COMPILE_CACHE: CODE },
  },
})

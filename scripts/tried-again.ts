import type { Reporter, TestModule } from 'vitest/node'

/** At the end of a run, the tests that passed only when tried again: each is a defect of the test or of the product. */
export const triedAgain: Reporter = {
  onTestRunEnd: (modules: readonly TestModule[]) => {
    const flaky = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) =>
        test.diagnostic()?.flaky ? [`${module.relativeModuleId}: ${test.fullName}`] : [],
      ),
    )
    if (flaky.length > 0) process.stdout.write(`\nPassed only when tried again:\n  ${flaky.join('\n  ')}\n`)
  },
}

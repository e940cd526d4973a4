import { options, out } from '../options.ts'
import { runPolicyMutants } from '../suites/policy-mutants.ts'

/** `npm run eval -- policy-mutants`: each condition of the policies and of what closes a text, turned round. Exits 1 where no test notices. */
export const policyMutants = async (): Promise<number> => {
  const report = await runPolicyMutants(Number(options.every))
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    for (const { file, line, was, is } of report.survived) out(`${file}:${line}\n  was ${was}\n  is  ${is}`)
    out(`policy-mutants: ${report.killed} of ${report.total} noticed`)
  }
  return report.survived.length === 0 ? 0 : 1
}

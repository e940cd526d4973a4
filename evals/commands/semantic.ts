import { openDemoHouse } from '../demo-house.ts'
import { options, out } from '../options.ts'
import { FORMS } from '../semantic/forms.ts'
import { QUESTIONS } from '../suites/questions.ts'
import { runSemantic } from '../suites/semantic.ts'

/** `npm run eval -- semantic`: each analytical dev question in the semantic form, beside SQL over the base tables. */
export const semantic = async (): Promise<number> => {
  const { house, close } = await openDemoHouse()
  try {
    const report = await runSemantic(house, options.file ?? QUESTIONS)
    if (options.json) out(JSON.stringify(report, null, 2))
    else {
      for (const { id, verdict, rows, detail } of report.verdicts) {
        const form = FORMS.find((one) => one.id === id)!
        out(
          `${id} ${verdict} (${rows} rows) ${JSON.stringify(form.semantic)}${detail === '' ? '' : `\n  ${detail}`}`,
        )
      }
      const { verdicts: _verdicts, ...rest } = report
      out(`semantic: ${JSON.stringify(rest)}`)
    }
    return report.same === report.total && (report.missing ?? []).length === 0 ? 0 : 1
  } finally {
    await close()
  }
}

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { actorFor } from '../db/members.ts'
import { findWorkspace } from '../db/workspace.ts'
import { DEMO_NAMES } from '../cli/demo-prepare.ts'
import { previewDigest } from '../digest/preview.ts'
import { renderHtml, renderText } from '../digest/render.ts'
import { openDemoHouse } from '../evals/demo-house.ts'

/**
 * `node scripts/digest-pictures.ts`: docs/digests, what the first owner of each demo gets by mail, as a picture and as text;
 * cli/round-trip.test.ts holds the text (without links, which hold ids of their own in every database).
 */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
)
if (executablePath === undefined) throw new Error('There is no Chromium on this machine.')
const { house, close } = await openDemoHouse()
const browser = await chromium.launch({ executablePath })
const page = await browser.newPage({ viewport: { width: 720, height: 900 } })
page.setDefaultTimeout(90_000)
for (const name of DEMO_NAMES) {
  const workspace = (await findWorkspace(house.database, name))!
  const actor = await actorFor(house.database, workspace, undefined, 'cli')
  const inboxUrl = 'http://127.0.0.1:4321/inbox'
  const { layout } = await previewDigest(house.database, { workspace, actor, channel: 'mail', inboxUrl })
  await page.setContent(renderHtml(layout))
  const file = (kind: string): string => join(import.meta.dirname, '..', 'docs', 'digests', `${name}.${kind}`)
  await page.screenshot({ path: file('png'), fullPage: true })
  await writeFile(file('txt'), renderText(layout).replaceAll(/: http\S+/g, ''))
}
await browser.close()
await close()

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

/** `node scripts/screenshots.ts <sign-in link>`: the pictures of docs/, from a running inbox. */
const link = process.argv[2]
if (link === undefined) throw new Error('Give the sign-in link that `tact up` printed.')
const base = new URL(link).origin
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
)
if (executablePath === undefined) throw new Error('There is no Chromium on this machine.')
const docs = join(import.meta.dirname, '..', 'docs')

const browser = await chromium.launch({ executablePath })
const page = await browser.newPage({ viewport: { width: 1_000, height: 900 } })
page.setDefaultTimeout(90_000)
await page.goto(link)
await page.getByRole('button', { name: 'Sign in' }).click()
await page.waitForURL('**/inbox')

const shoot = async (name: string, path?: string): Promise<void> => {
  if (path !== undefined) await page.goto(base + path)
  await page.screenshot({ path: join(docs, `inbox-${name}.png`) })
}
await shoot('queue', '/inbox')
const cards = await page.locator('article.card h2 a').all()
const paths = await Promise.all(cards.map((card) => card.getAttribute('href')))
for (const path of paths) {
  await page.goto(base + path)
  if ((await page.locator('.impact').count()) > 0) break
}
await shoot('card')
await page.getByRole('link', { name: 'Edit' }).click()
await page.getByRole('heading', { name: 'Edit before approving' }).waitFor()
await shoot('edit')
await shoot('standing', '/inbox/standing')
await shoot('dashboard', '/inbox/dashboard')
await page.goto(`${base}/inbox/conversations`)
await page.locator('article h2 a').first().click()
await page.waitForURL('**/conversations/*')
await shoot('conversation')
const written = await page.locator('.pair').last().locator('.said').last().innerText()
await page.getByRole('link', { name: 'Decode an answer of this conversation' }).click()
await page.getByLabel('Answer with handles').fill(written.slice(0, 600))
await page.getByRole('button', { name: 'Put the names back' }).click()
await page.getByRole('heading', { name: 'With names' }).waitFor()
await shoot('decode')
await page.setViewportSize({ width: 390, height: 844 })
await page.emulateMedia({ colorScheme: 'dark' })
await shoot('phone', '/inbox')
await browser.close()

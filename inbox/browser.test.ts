import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessToken } from '../db/access-tokens.ts'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { createPrivacy } from '../tools/privacy/privacy.ts'
import { grantStanding } from '../writeback/standing.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createInbox } from './router.ts'
import { signInLink } from './session.ts'

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = BROWSERS.find((path) => existsSync(path))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATIENCE_MS = 60_000

interface AxeRun {
  readonly violations: readonly { readonly id: string; readonly impact: string | null }[]
}

describe.skipIf(executablePath === undefined).each(testEngines)('the inbox in Chromium on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let server: Server
  let base: string
  let browser: Browser

  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test, { now: new Date() })
    const app = express()
    app.use(createInbox({ database: test.database }))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await chromium.launch({ executablePath: executablePath!, timeout: PATIENCE_MS })
  }, PATIENCE_MS)
  afterAll(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
    await test.close()
  })

  /** A page of a person who has signed in by their link. */
  const signedIn = async (options: {
    readonly javaScriptEnabled: boolean
    readonly width?: number
    readonly colorScheme?: 'light' | 'dark'
  }) => {
    const context = await browser.newContext({
      javaScriptEnabled: options.javaScriptEnabled,
      colorScheme: options.colorScheme ?? 'light',
      viewport: { width: options.width ?? 1_100, height: 800 },
    })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const refused: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text())
    })
    await page.goto(await signInLink(test.database, base, team.owner))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/inbox')
    return { page, refused, close: () => context.close() }
  }
  const proposeStage = async (stage: string): Promise<string> =>
    (
      await team.propose([
        { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { stage } },
      ])
    ).proposal.id
  const stateOf = async (id: string): Promise<string> =>
    (await team.query<{ state: string }>(sql`select state from workflow.proposals where id = ${id}`))[0]!
      .state
  /** A conversation with a client elsewhere, and what its model wrote of Dana. */
  const answered = async () => {
    const caller: Actor = { ...team.owner, via: 'mcp' }
    const { id } = await asTenant(test.database, caller, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: newId(), memberId: team.owner.memberId }),
    )
    const { text } = await (
      await createPrivacy(test.database).open(caller, id)
    ).scrubQuestion('Who is Dana Whitfield?')
    return { id, answer: `${/PERSON_\d+/.exec(text)![0]} is the buyer.` }
  }
  const decodeOn = async (page: Page): Promise<void> => {
    const { id, answer } = await answered()
    await page.goto(`${base}/inbox/decode?conversation=${id}`)
    await page.getByLabel('Answer with handles').fill(answer)
    await page.getByRole('button', { name: 'Put the names back' }).click()
    await page.getByText('Dana Whitfield is the buyer.').waitFor()
  }

  it.each([true, false])(
    'signs in, reads a card, approves, undoes and decodes (scripts: %s)',
    async (javaScriptEnabled) => {
      const id = await proposeStage('Offer out')
      const { page, refused, close } = await signedIn({ javaScriptEnabled })
      await page.locator(`a[href="/inbox/proposals/${id}"]`).click()
      expect(await page.locator('ins').innerText()).toBe('Offer out')
      expect(await page.locator('del').innerText()).toBe('Lead')
      await page.getByRole('button', { name: 'Approve' }).click()
      await page.getByText('Written.').waitFor()
      expect(await stateOf(id)).toBe('executed')
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('Taken back.').waitFor()
      expect(await stateOf(id)).toBe('undone')
      await decodeOn(page)
      expect(refused).toEqual([])
      await close()
    },
    PATIENCE_MS * 2,
  )

  it(
    'approves with the keyboard alone, and no single letter approves',
    async () => {
      const id = await proposeStage('Offer out')
      const { page, close } = await signedIn({ javaScriptEnabled: true })
      await page.keyboard.press('j')
      await page.keyboard.press('a')
      expect(await page.locator(':focus').innerText()).toBe('Approve')
      expect(await stateOf(id)).toBe('pending')
      await page.keyboard.press('Enter')
      await page.getByText('Written.').waitFor()
      await page.keyboard.press('u')
      await page.keyboard.press('Enter')
      await page.getByText('Taken back.').waitFor()
      expect(await stateOf(id)).toBe('undone')
      await close()
    },
    PATIENCE_MS * 2,
  )

  it.each([true, false])(
    'edits one field of several changes, takes one of them, and takes it back (scripts: %s)',
    async (javaScriptEnabled) => {
      const { proposal } = await team.propose([
        {
          op: 'update',
          entity: 'deals',
          record: `deals:${team.ids.deal}`,
          set: { next_step: `Call ${javaScriptEnabled}` },
        },
        { op: 'task', set: { title: `Send the offer ${javaScriptEnabled}` } },
      ])
      const { page, refused, close } = await signedIn({ javaScriptEnabled })
      await page.goto(`${base}/inbox/proposals/${proposal.id}`)
      await page.getByRole('link', { name: 'Edit' }).click()
      await page.getByLabel('Next step', { exact: true }).fill('Call on Monday')
      await page.getByRole('button', { name: 'Keep these changes' }).click()
      await page.getByText('Changed. Approve what it says now.').waitFor()
      await page.getByLabel(/Take this change .*Send the offer/).uncheck()
      await page.getByLabel('If you leave some out: why?').fill('later')
      await page.getByRole('button', { name: 'Approve what is ticked' }).click()
      await page.getByText('Written.').waitFor()
      const held = async () =>
        (
          await team.query<{ next_step: string | null; tasks: number }>(
            sql`select next_step, (select count(*)::int from crm.tasks where title like 'Send the offer%') as tasks from crm.deals where id = ${team.ids.deal}`,
          )
        )[0]
      expect(await held()).toEqual({ next_step: 'Call on Monday', tasks: 0 })
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('Taken back.').first().waitFor()
      expect(await held()).toEqual({ next_step: null, tasks: 0 })
      expect(refused).toEqual([])
      await close()
    },
    PATIENCE_MS * 2,
  )

  /** Presses Tab until the focus is where the selector says, as somebody without a mouse does. */
  const tabTo = async (page: Page, selector: string): Promise<void> => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab')
      if ((await page.locator(`${selector}:focus`).count()) === 1) return
    }
    throw new Error(`Tab does not lead to ${selector}.`)
  }

  it.each([true, false])(
    'edits a field, leaves one change out and takes one back with the keyboard alone (scripts: %s)',
    async (javaScriptEnabled) => {
      const record = `deals:${team.ids.deal}`
      const task = `Keys ${javaScriptEnabled}`
      const { proposal } = await team.propose([
        { op: 'update', entity: 'deals', record, set: { next_step: `Type ${javaScriptEnabled}` } },
        { op: 'task', set: { title: task } },
        { op: 'task', set: { title: `${task}, left out` } },
      ])
      const { page, refused, close } = await signedIn({ javaScriptEnabled })
      await page.goto(`${base}/inbox/proposals/${proposal.id}`)
      await tabTo(page, 'a[href$="/edit"]')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Keep these changes' }).waitFor()
      const field = await page.getByLabel('Next step', { exact: true }).getAttribute('id')
      await tabTo(page, `#${field}`)
      await page.keyboard.press('Control+a')
      await page.keyboard.type('Typed by hand')
      await tabTo(page, 'button.main')
      await page.keyboard.press('Enter')
      await page.getByText('Changed. Approve what it says now.').waitFor()
      await tabTo(page, 'input[name=place][value="2"]')
      await page.keyboard.press('Space')
      await tabTo(page, 'textarea[name=note]')
      await page.keyboard.type('not that one')
      await tabTo(page, 'form[action$="/approve"] button')
      await page.keyboard.press('Enter')
      await page.getByText('Written.').waitFor()
      const held = async () =>
        (
          await team.query<{ next_step: string | null; tasks: number }>(
            sql`select next_step, (select count(*)::int from crm.tasks where title like ${`${task}%`} and deleted_at is null) as tasks
              from crm.deals where id = ${team.ids.deal}`,
          )
        )[0]
      expect(await held()).toEqual({ next_step: 'Typed by hand', tasks: 1 })
      const ofTask = 'form[action$="/undo"]:has(input[name=place][value="1"]) button'
      await tabTo(page, ofTask)
      await page.keyboard.press('Enter')
      await page.getByText('Taken back.').first().waitFor()
      expect(await held()).toEqual({ next_step: 'Typed by hand', tasks: 0 })
      await tabTo(page, 'form[action$="/undo"]:not(:has(input[name=place])) button')
      await page.keyboard.press('Enter')
      await page.locator('.state.undone').waitFor()
      expect(await held()).toEqual({ next_step: null, tasks: 0 })
      expect(refused).toEqual([])
      await close()
    },
    PATIENCE_MS * 2,
  )

  it(
    'makes a passkey, signs in with it from nothing, and no more once it is removed',
    async () => {
      const home = base.replace('127.0.0.1', 'localhost')
      const context = await browser.newContext()
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      const refused: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') refused.push(message.text())
      })
      const devices = await context.newCDPSession(page)
      await devices.send('WebAuthn.enable')
      await devices.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      })
      await page.goto(await signInLink(test.database, home, team.tenant.actor('admin')))
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.goto(`${home}/inbox/passkeys`)
      await page.getByLabel('What to call it').fill('Laptop')
      await page.getByRole('button', { name: 'Make a passkey' }).click()
      await page.getByRole('heading', { name: 'Laptop' }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('Signed out').waitFor()
      const counters: number[] = []
      while (counters.length < 2) {
        await page.goto(`${home}/inbox/sign-in/passkey`)
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
        await page.waitForURL('**/inbox')
        const [key] = await team.query<{ counter: number }>(sql`select counter from core.passkeys`)
        counters.push(key!.counter)
      }
      expect(counters[1]).toBeGreaterThan(counters[0]!)
      expect(refused).toEqual([])
      await page.goto(`${home}/inbox/passkeys`)
      await page.getByRole('button', { name: 'Remove' }).click()
      await page.getByRole('heading', { name: 'Laptop' }).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.goto(`${home}/inbox/sign-in/passkey`)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText('That passkey was not accepted.').waitFor()
      await context.close()
    },
    PATIENCE_MS * 2,
  )

  it(
    'rejects with a reason by Tab and Enter, without scripts, and letters in the reason stay letters',
    async () => {
      const id = await proposeStage('Won')
      const { page, close } = await signedIn({ javaScriptEnabled: false })
      await page.goto(`${base}/inbox/proposals/${id}`)
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab')
        if ((await page.locator('input[name=note]:focus').count()) === 1) break
      }
      await page.keyboard.type('just a rumour')
      await page.keyboard.press('Enter')
      await page.getByText('Rejected. Nothing was written.').waitFor()
      await page.getByText('just a rumour').waitFor()
      expect(await stateOf(id)).toBe('rejected')
      await close()
    },
    PATIENCE_MS * 2,
  )

  it.each([
    [1_100, 'light', true],
    [380, 'dark', false],
  ] as const)(
    'has no serious fault that axe finds, and nothing wider than the screen, at %i px, %s, scripts: %s',
    async (width, colorScheme, hasScripts) => {
      const waiting = await proposeStage('Offer out')
      const { proposal: several } = await team.propose([
        { op: 'task', set: { title: `One ${width}`, notes: 'Long.\nVery.' } },
        { op: 'task', set: { title: `Two ${width}` } },
      ])
      await grantStanding(test.database, team.owner, {
        kind: 'tag',
        scope: 'own',
        memberId: null,
        perDay: 3,
        until: new Date(Date.now() + 86_400_000),
        now: new Date(),
      })
      await asTenant(test.database, team.owner, (tx) =>
        createAccessToken(tx, {
          memberId: team.owner.memberId!,
          name: `Laptop ${width}`,
          scopes: ['crm'],
          expiresAt: null,
        }),
      )
      const { id } = await answered()
      const { page, close } = await signedIn({ javaScriptEnabled: true, width, colorScheme })
      // axe itself needs a browser that runs scripts: the page's own are what is left out.
      if (!hasScripts) await page.route('**/*.js', (route) => route.abort())
      const pages = [
        '',
        `?show=waiting&by=${team.owner.memberId}&about=tasks`,
        '?show=written',
        '?show=closed',
        `/proposals/${waiting}`,
        `/proposals/${several.id}`,
        `/proposals/${several.id}/edit`,
        '/standing',
        '/webhooks',
        '/access',
        '/passkeys',
        '/settings',
        '/mailboxes',
        '/overview',
        '/dashboard',
        '/query',
        '/conversations',
        `/conversations/${id}`,
        '/decode',
        `/decode?conversation=${id}`,
        '/members',
        '/no-such-page',
      ]
      const found: string[] = []
      const look = async (name: string): Promise<void> => {
        await page.evaluate(axe)
        const { violations } = (await page.evaluate('axe.run(document)')) as AxeRun
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        found.push(...serious.map(({ id: rule }) => `${name}: ${rule}`))
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
        if (Number(overflow) > 0) found.push(`${name}: ${String(overflow)} px too wide`)
      }
      for (const path of pages) {
        await page.goto(`${base}/inbox${path}`)
        await look(path)
      }
      await page.goto(`${base}/inbox/query`)
      await page.locator('textarea').first().fill('select name, amount from deals')
      await page.locator('textarea').first().locator('xpath=ancestor::form').locator('button').first().click()
      await page.waitForLoadState()
      await look('an answer to a question')
      await page.goto(`${base}/inbox/sign-in/passkey`)
      await look('/sign-in/passkey')
      expect(found).toEqual([])
      await close()
    },
    PATIENCE_MS * 3,
  )
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { splitBody } from './clean.ts'
import { parseMessage } from './parse.ts'
import type { ParsedMessage } from './parse.ts'
import { spamAssassinFiles } from './testing/corpus.ts'

const REPLIES = fileURLToPath(
  new URL('../../shared/data/search/mime-fixtures/crisp-erp/test/fixtures', import.meta.url),
)

describe('the body of a message', () => {
  test.each([
    ['English', 'On Thu, Nov 5, 2026 at 10:00 AM Dana Whitfield <dana@nimbus.example> wrote:'],
    [
      'English over two lines',
      'On Thu, Nov 5, 2026 at 10:00 AM Dana Whitfield\n<dana@nimbus.example> wrote:',
    ],
    ['German', 'Am 05.11.2026 um 10:00 schrieb Dana Whitfield:'],
    ['French', 'Le jeu. 5 nov. 2026 à 10:00, Dana Whitfield <dana@nimbus.example> a écrit :'],
    ['Spanish', 'El jue, 5 nov 2026 a las 10:00, Dana (<dana@nimbus.example>) escribió:'],
    ['Italian', 'Il giorno 5 nov 2026, alle ore 10:00, Dana ha scritto:'],
    ['Dutch', 'Op 5 november 2026 om 10:00 schreef Dana <dana@nimbus.example>:'],
    ['Swedish', 'Den 5 nov 2026 10:00 skrev Dana <dana@nimbus.example>:'],
    ['Portuguese', 'Em qui, 5 de nov de 2026 às 10:00, Dana <dana@nimbus.example> escreveu:'],
    ['Polish', 'W dniu 05.11.2026 o 10:00, Dana pisze: Dana napisała:'],
    ['Russian', 'чт, 5 нояб. 2026 г. в 10:00, Dana <dana@nimbus.example>:'],
  ])('is cut at a quote announced in %s', (_language, attribution) => {
    for (const quote of ['> What is the price?', 'What is the price?']) {
      const split = splitBody(`Forty.\n\n${attribution}\n\n${quote}`)
      expect(split.text).toBe('Forty.')
      expect(split.quoted).toContain('What is the price?')
    }
  })

  test.each([
    [
      'Outlook',
      '________________________________\nFrom: Dana <dana@nimbus.example>\nSent: Thursday, November 5, 2026 10:00 AM\nTo: Us\nSubject: Price',
    ],
    [
      'Outlook in French',
      'De : Dana <dana@nimbus.example>\nEnvoyé : jeudi 5 novembre 2026 10:00\nÀ : Nous\nObjet : Prix',
    ],
    [
      'Outlook in German',
      'Von: Dana <dana@nimbus.example>\nGesendet: Donnerstag, 5. November 2026 10:00\nAn: Uns\nBetreff: Preis',
    ],
    ['an older Outlook', '-----Original Message-----\nFrom: Dana'],
    ['a forward', '---------- Forwarded message ---------\nFrom: Dana <dana@nimbus.example>'],
    ['an iPhone', 'Begin forwarded message:\n\nFrom: Dana'],
  ])('is cut at the header block of %s', (_program, block) => {
    const split = splitBody(`See below.\n\n${block}\n\nThe old text.`)
    expect(split.text).toBe('See below.')
    expect(split.quoted).toContain('The old text.')
  })

  test('keeps answers between quotes as new text', () => {
    const split = splitBody('On Nov 5, 2026, Dana wrote:\n> Price?\n\nForty.\n\n> Terms?\n\nNet thirty.')
    expect(split.text.replace(/\s+/g, ' ')).toBe('Forty. Net thirty.')
  })

  test('loses its signature and what a phone adds', () => {
    expect(splitBody('Yes.\n\n-- \nDana Whitfield\nNimbus')).toMatchObject({
      text: 'Yes.',
      signature: '-- \nDana Whitfield\nNimbus',
    })
    for (const line of [
      'Sent from my iPhone',
      'Von meinem iPhone gesendet',
      'Envoyé de mon iPad',
      'Get Outlook for iOS',
    ]) {
      expect(splitBody(`Yes.\n\n${line}`)).toMatchObject({ text: 'Yes.', signature: line })
    }
  })

  test('loses a sign-off that no dashes announce, in several languages', () => {
    for (const [closing, name] of [
      ['Best regards,', 'Dana Whitfield\nNimbus Capital\n+1 555 0100'],
      ['Mit freundlichen Grüßen', 'Jörg Maier'],
      ['Cordialement,', 'Chloé Petit'],
      ['Un saludo,', 'Ana Ruiz'],
    ] as const) {
      expect(splitBody(`The price is forty.\n\n${closing}\n${name}`)).toMatchObject({
        text: 'The price is forty.',
        signature: `${closing}\n${name}`,
      })
    }
    expect(splitBody('I took my pills.\n\nTed', { sender: 'Ted Hall' }).signature).toBe('Ted')
    expect(splitBody('Best regards,\nDana').text).toBe('Best regards,\nDana')
    expect(splitBody('Thank you.\nWe meet on Monday at ten then.').signature).toBeNull()
  })

  test('loses what it repeats from its parent without any mark', () => {
    const parent =
      'Could you tell us what the price of the unit is?\nAnd which terms of payment would apply to us?'
    const body = `Forty.\n\n${parent}\n\nMore tomorrow.`
    expect(splitBody(body).text).toContain('which terms')
    const split = splitBody(body, { parent })
    expect(split.text.replace(/\s+/g, ' ')).toBe('Forty. More tomorrow.')
    expect(split.quoted).toBe(parent)
  })

  test('keeps answers below a header block with marked quotes behind it', () => {
    const split = splitBody(
      '-----Original Message-----\nFrom: Dana\nSent: Monday\nSubject: Price\n\nDana wrote:\n> Price?\n\nForty it is.',
    )
    expect(split.text).toBe('Forty it is.')
  })

  test.each([
    'He said: we should meet.\nThen we met.',
    'On the other hand I wrote:\nnothing at all.',
    'From: the start it was clear.\nWe go on.',
    'This was sent from my office, not sent from my iPhone app in the street, and so on and so forth, dear friend of mine.',
    'The list:\n- one\n- two',
  ])('that only looks like a quote stays whole: %s', (body) => {
    expect(splitBody(body)).toMatchObject({ text: body, quoted: null, signature: null })
  })
})

const filled = (text: string | null): string[] =>
  (text ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trimEnd())

/** Lines that a split loses or adds. */
const strayLines = (body: string): readonly string[] => {
  const split = splitBody(body)
  const given = [...filled(split.text), ...filled(split.quoted), ...filled(split.signature)].sort()
  const wanted = filled(body.replace(/\r\n?/g, '\n')).sort()
  return given.join('\n') === wanted.join('\n') ? [] : wanted.filter((line, at) => given[at] !== line)
}

const NOW = new Date('2026-11-21T09:00:00Z')
const comparable = (line: string): string =>
  line
    .replace(/^[\s>|:]*[A-Za-z]{0,3}>?\s*/, '')
    .replace(/\s+/g, ' ')
    .trim()

test('over a real corpus no line is lost, quotes are gone and new text stays', async () => {
  const messages: ParsedMessage[] = []
  for (const { path } of spamAssassinFiles(/ham/)) messages.push(await parseMessage(readFileSync(path), NOW))
  expect(messages.flatMap(({ text }) => strayLines(text))).toEqual([])
  const byId = new Map(messages.map((message) => [message.messageId, message]))
  let kept = 0
  let leaked = 0
  for (const reply of messages) {
    const parent = [reply.inReplyTo, ...reply.references.toReversed()]
      .map((id) => byId.get(id ?? ''))
      .find((found) => found !== undefined && found !== reply)
    if (!parent) continue
    const old = new Set(parent.text.split('\n').map(comparable))
    for (const line of splitBody(reply.text).text.split('\n').map(comparable)) {
      if (line.length < 25) continue
      kept += 1
      if (old.has(line)) leaked += 1
    }
  }
  expect(kept).toBeGreaterThan(10_000)
  expect(leaked / kept).toBeLessThan(0.01)
}, 120_000)

test.skipIf(!existsSync(REPLIES))('of replies in many languages no line is lost', () => {
  const stray = readdirSync(REPLIES).flatMap((file) => strayLines(readFileSync(join(REPLIES, file), 'utf8')))
  expect(stray).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { parseHandle } from '../domain/handle.ts'
import { recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { restoreText } from './restore.ts'
import { recordsIn, scrub } from './scrub.ts'
import type { ScrubResult } from './scrub.ts'
import { createWorkspace, openTestVault } from './testing.ts'
import type { ScrubMode } from './eligible.ts'
import type { Vault } from './vault.ts'

const NOBODY = new Set<string>()

const setUp = async () => {
  const workspace = createWorkspace()
  const vault = await openTestVault()
  const run = async (
    text: string,
    mode: ScrubMode,
    active: readonly RecordRef[] = [],
  ): Promise<ScrubResult> =>
    scrub(text, { dictionary: workspace.dictionary, vault, mode, active: new Set(active.map(recordUri)) })
  return { ...workspace, workspace, vault, run }
}

/** The hidden stretches of a text. */
const hidden = (text: string, result: ScrubResult): string[] =>
  result.spans.map(({ start, end }) => text.slice(start, end))

const restored = (result: ScrubResult, vault: Vault, workspace: ReturnType<typeof createWorkspace>): string =>
  restoreText(result.text, workspace.resolverOf(vault))

describe('scrubbing what a tool found', () => {
  test('a known name of several words is hidden in any case, whoever is active', async () => {
    const { person, run } = await setUp()
    person('Will', 'May')
    const text = 'will may, WILL MAY and Will May met'
    expect(hidden(text, await run(text, 'content'))).toEqual(['will may', 'WILL MAY', 'Will May'])
  })

  test('the same person has one handle, and first and last names come back as they were', async () => {
    const { person, run, vault, workspace } = await setUp()
    person('Dana', 'Whitfield')
    const text = "Hi Dana, here is Dana Whitfield's deck. Ms Whitfield agreed.\nDana"
    const result = await run(text, 'content')
    const numbers = [...result.text.matchAll(/PERSON_(\d{5})/gu)].map((match) => match[1])
    expect(numbers).toHaveLength(4)
    expect(new Set(numbers).size).toBe(1)
    expect(result.text).not.toMatch(/dana|whitfield/iu)
    expect(restored(result, vault, workspace)).toBe(text)
  })

  test('possessives and plurals stay outside the handle', async () => {
    const { person, run } = await setUp()
    person('Dana', 'Whitfield')
    expect((await run("Dana Whitfield's and Dana's", 'content')).text).toMatch(
      /^PERSON_\d{5}'s and PERSON_\d{5}f's$/u,
    )
  })

  test.each([
    ['It will mark a new grace period', []],
    ['Will you mark it? Grace periods end in May', []],
    ['We close in May. May 5 works, or 5 May', []],
    ['Hi Will,\nplease', ['Will']],
    ['Thanks,\nGrace\n', ['Grace']],
    ['Mark said yes', ['Mark']],
    ['please ask Mark about it', ['Mark']],
    ['Mr. Bell joined', ['Bell']],
    ['The bell rang, mark my words', []],
    ['Mark, can you look?', ['Mark']],
    ['Mark:\nI am writing', ['Mark']],
    ['Will, however, stay', []],
  ])('a name that is a common word needs a sign in its surroundings: %j', async (text, expected) => {
    const { person, run } = await setUp()
    person('Will', 'Ochsner')
    person('Mark', 'Bell')
    person('Grace', 'Ibarra')
    person('May', 'Lund')
    expect(hidden(text, await run(text, 'content'))).toEqual(expected)
  })

  test('a common-word name counts wherever it is capitalised once its record is active', async () => {
    const { person, run } = await setUp()
    const mark = person('Mark', 'Oyelaran')
    const text = 'The offer from yesterday surprised Mark, I will mark it'
    expect(hidden(text, await run(text, 'content', [mark]))).toEqual(['Mark'])
    const other = 'The offer hit the mark and surprised others'
    expect(hidden(other, await run(other, 'content'))).toEqual([])
  })

  test('a single uncommon name is hidden when capitalised, and in lower case when its record is active', async () => {
    const { person, run } = await setUp()
    const dana = person('Dana', 'Whitfield')
    expect((await run('then grace wrote', 'content')).text).toBe('then grace wrote')
    // A given name is one in small letters too; the tagger knows it for one.
    expect((await run('then dana wrote', 'content')).text).toMatch(/^then PERSON_\d{5}f wrote$/u)
    expect((await run('then Dana wrote', 'content')).text).toMatch(/^then PERSON_\d{5}f wrote$/u)
    expect((await run('see you\n\n  dana.\n', 'content')).text).toMatch(/^see you\n\n {2}PERSON_\d{5}f\.\n$/u)
    expect((await run('then dana wrote', 'content', [dana])).text).toMatch(/^then PERSON_\d{5}f wrote$/u)
  })

  test('names that nobody knows are values, in mail and in questions', async () => {
    const { person, run, vault, workspace } = await setUp()
    person('Dana', 'Whitfield')
    const mail = await run('Dana Whitfield met Ilse Brandvold in the morning.', 'content')
    expect(mail.text).toMatch(/^PERSON_\d{5} met NAME_\d{5} in the morning\.$/u)
    expect(restored(mail, vault, workspace)).toBe('Dana Whitfield met Ilse Brandvold in the morning.')
    expect((await run('When did I last talk to Ilse Brandvold?', 'question')).text).toMatch(
      /^When did I last talk to NAME_\d{5}\?$/u,
    )
  })

  test('a name that two records share is hidden as ambiguous, and as one record where only that is active', async () => {
    const { person, run, vault, workspace } = await setUp()
    const one = person('Dana', 'Whitfield')
    person('Dana', 'Okoro')
    const open = await run('Dana wrote', 'content')
    expect(open.text).toMatch(/^NAME_\d{5} wrote$/u)
    expect(open.legend[0]).toMatchObject({
      is: 'ambiguous',
      candidates: [expect.any(String), expect.any(String)],
    })
    expect(restored(open, vault, workspace)).toBe('Dana wrote')
    expect((await run('Dana wrote', 'content', [one])).legend).toMatchObject([{ is: 'people', record: one }])
  })

  test('short names count for active records', async () => {
    const { person, run } = await setUp()
    const robert = person('Robert', 'Achebe')
    expect((await run('Lunch with Bob', 'content', [robert])).legend).toMatchObject([{ record: robert }])
    expect((await run('then bob left', 'content', [robert])).text).toMatch(/PERSON_\d{5}f/u)
  })

  test.each([
    'Dana\n> Whitfield',
    'ext. 3-5746Dana Whitfield',
    'WHITFIELD, DANA',
    'Whitfield, D.',
    'Dana_Whitfield.pdf',
    'Da\u200bna Whitfield',
    'Danã Whítfield',
  ])('no letter of the name is left of %j', async (text) => {
    const { person, run } = await setUp()
    person('Dana', 'Whitfield')
    expect((await run(text, 'content')).text.normalize('NFKD')).not.toMatch(/dana|whit|field/iu)
  })

  test('an address or URL is hidden whole, whatever known names it holds', async () => {
    const { person, company, value, run } = await setUp()
    const dana = person('Dana', 'Whitfield')
    company('Nimbus Robotics', 'nimbus.example')
    value(dana, 'EMAIL', 'dana@nimbus.example')
    const text = 'dana.whitfield@nimbus.example, https://nimbus.example/dana, DANA@nimbus.example'
    const result = await run(text, 'content')
    expect(result.text).toMatch(/^EMAIL_\d{5}, URL_\d{5}, EMAIL_\d{5}$/u)
    const known = result.legend.find(({ of }) => of !== undefined)!
    expect(result.legend.find(({ handle }) => handle === known.of![0])).toMatchObject({ record: dana })
  })

  test('a phone number is one handle in every written form, known to whom it belongs', async () => {
    const { person, value, run } = await setUp()
    const dana = person('Dana', 'Whitfield')
    value(dana, 'PHONE', '+1 415 555 0134')
    const result = await run('(415) 555-0134, +1 415-555-0134, 4155550134', 'content')
    expect(new Set(result.text.split(', ')).size).toBe(1)
    expect(result.legend[0]!.of).toHaveLength(1)
  })

  test('overlapping names leave nothing uncovered', async () => {
    const { person, company, run } = await setUp()
    person('Dana', 'Whitfield')
    company('Whitfield Capital Advisors')
    const { text } = await run('Dana Whitfield Capital Advisors called', 'content')
    expect(text).not.toMatch(/dana|whitfield|capital|advisors/iu)
    expect(text).toMatch(/ called$/u)
  })

  test('dates, amounts, identifiers and our own words stay', async () => {
    const { run } = await setUp()
    const text =
      '3 deals worth $1,250,000 since 2026-11-20T09:00:00Z (0198f2a0-1234-7000-8000-000000000001), 12.5%'
    expect((await run(text, 'content')).text).toBe(text)
  })

  test('text that reads like a handle never resolves to the record that has it', async () => {
    const { person, run, vault, workspace } = await setUp()
    person('Dana', 'Whitfield')
    const issued = (await run('Dana Whitfield', 'content')).text
    const number = parseHandle(issued)!.number
    for (const written of [issued, issued.toLowerCase(), `[person ${number}]`, `client_${number}`]) {
      const result = await run(`forward to ${written} now`, 'content')
      expect(result.text).not.toContain(number)
      expect(restored(result, vault, workspace)).toBe(`forward to ${written} now`)
    }
  })
})

describe('scrubbing a member’s question', () => {
  test.each([
    ['Deals that Jenna owns', ['Jenna']],
    ['deals that jenna owns', ['jenna']],
    ['what did lin zhao say to nimbus', ['lin zhao', 'nimbus']],
    ['last contact with will', ['will']],
    ['will we close in may?', []],
    ['Did Will call?', ['Will']],
    ['Mark the deal as won', []],
    ['Who did Mark call?', ['Mark']],
    ['Show the arbor account', ['arbor']],
    ['email grace about the notice', ['grace']],
    ['Show the Arbor account', ['Arbor']],
    ['What is our ARR?', []],
    ['unanswered inquiries about 220 harbor road', ['220 harbor road']],
  ])('%j hides %j', async (text, expected) => {
    const { person, member, company, deal, run } = await setUp()
    member('Jenna', 'Cole')
    person('Grace', 'Ibarra')
    person('Lin', 'Zhao')
    person('Will', 'Ochsner')
    person('Mark', 'Oyelaran')
    company('Nimbus Robotics')
    company('Arbor Freight')
    company('Apex Roofing Repair')
    deal('220 Harbor Road')
    expect(hidden(text, await run(text, 'question'))).toEqual(expected)
  })

  test('a first name also means those whose name starts with it, and the question says whom it may mean', async () => {
    const { person, run } = await setUp()
    const ellery = person('Sam', 'Ellery')
    const khan = person('Samira', 'Khan')
    person('Sandra', 'Voss')
    const result = await run('When did we last talk to Sam?', 'question')
    expect(result.text).toMatch(/to NAME_\d{5}\?$/u)
    const [ambiguous, ...people] = result.legend
    expect(ambiguous!.candidates).toEqual(people.map(({ handle }) => handle))
    expect(people.map(({ record }) => record)).toEqual(expect.arrayContaining([ellery, khan]))
    expect(people).toHaveLength(2)
    const settled = await run('When did we last talk to Sam?', 'question', [ellery])
    expect(settled.legend).toMatchObject([{ record: ellery }])
  })

  test('a family in the plural is a group of all its members', async () => {
    const { person, run, vault, workspace } = await setUp()
    person('Rob', 'Whitmore')
    person('Ellen', 'Whitmore')
    person('Ada', 'Jones')
    const result = await run('Remind me to call the Whitmores and the joneses', 'question')
    expect(result.text).toMatch(/call the NAME_\d{5} and the NAME_\d{5}$/u)
    expect(
      result.legend.filter(({ is }) => is === 'group').map(({ candidates }) => candidates!.length),
    ).toEqual([2, 1])
    expect(restored(result, vault, workspace)).toBe('Remind me to call the Whitmores and the joneses')
  })

  test('records of one text serve as active ones for the next', async () => {
    const { person, run } = await setUp()
    const dana = person('Dana', 'Whitfield')
    const first = await run('Who is Dana Whitfield?', 'question')
    expect(recordsIn(first.legend)).toEqual(new Set([recordUri(dana)]))
  })

  test('two conversations share no handle for the same question', async () => {
    const workspace = createWorkspace()
    workspace.person('Dana', 'Whitfield')
    workspace.company('Nimbus Robotics')
    const handlesOf = async (seed: number): Promise<string[]> => {
      const vault = await openTestVault(seed)
      const text = 'Dana Whitfield of Nimbus Robotics, dana@nimbus.example'
      const result = await scrub(text, {
        dictionary: workspace.dictionary,
        vault,
        mode: 'question',
        active: NOBODY,
      })
      return result.legend.map(({ handle }) => handle)
    }
    const [one, two] = [await handlesOf(1), await handlesOf(2)]
    expect(one.filter((handle) => two.includes(handle))).toEqual([])
  })
})

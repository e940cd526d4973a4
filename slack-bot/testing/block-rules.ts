import type { Surface } from './validate.ts'
import type { Fields } from './world.ts'

/** Found by others, undocumented: characters over all blocks of a message (bolt-js issue 2509). */
const MOST_CHARACTERS_OF_BLOCKS = 13_200
const MOST_CHARACTERS_OF_MARKDOWN = 12_000
const MOST_CHARACTERS_OF_TABLE = 10_000
const MOST_BLOCKS = { message: 50, modal: 100, home: 100 }
const NOT_IN_MESSAGES = new Set(['alert', 'file'])
const MESSAGE_ONLY = new Set([
  'markdown',
  'table',
  'data_table',
  'context_actions',
  'task_card',
  'plan',
  'card',
  'carousel',
])

const strings = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    ['type', 'block_id', 'action_id', 'value'].includes(key) ? [] : strings(inner),
  )
}
const lengthOf = (value: unknown): number => strings(value).reduce((sum, text) => sum + text.length, 0)

/** Rules of Block Kit that stand neither in the SDK's types nor in its comments. `at` is a JSON pointer. */
export const blockRules = (blocks: readonly Fields[], surface: Surface, at: string): string[] => {
  const wrong: string[] = []
  if (blocks.length > MOST_BLOCKS[surface])
    wrong.push(`no more than ${MOST_BLOCKS[surface]} items allowed [json-pointer:${at}]`)
  const seen = new Set<string>()
  const actions = new Set<string>()
  let markdown = 0
  let tables = 0
  blocks.forEach((block, index) => {
    const here = `${at}/${index}`
    const say = (message: string, below = ''): unknown =>
      wrong.push(`${message} [json-pointer:${here}${below}]`)
    if (typeof block.block_id === 'string') {
      if (seen.has(block.block_id)) say('block_id already exists', '/block_id')
      seen.add(block.block_id)
    }
    if (
      surface === 'message' ? NOT_IN_MESSAGES.has(String(block.type)) : MESSAGE_ONLY.has(String(block.type))
    )
      say(`${String(block.type)} is not allowed in a ${surface}`, '/type')
    if (block.type === 'input' && surface === 'home') say('input is not allowed here', '/type')
    if (block.type === 'section' && !block.text && !(block.fields as unknown[] | undefined)?.length)
      say('missing text or fields')
    if (block.type === 'card' && !block.hero_image && !block.title && !block.actions && !block.body)
      say('card is empty')
    if (block.type === 'container' && !block.title && !block.rich_text_title) say('missing title')
    if (
      ['actions', 'context', 'context_actions', 'carousel'].includes(String(block.type)) &&
      (block.elements as unknown[]).length === 0
    )
      say('must have at least 1 element', '/elements')
    if (block.type === 'markdown') markdown += String(block.text).length
    if (block.type === 'table' || block.type === 'data_table') {
      tables++
      tableRules(block, say)
    }
    for (const id of actionIds(block)) {
      if (actions.has(`${index} ${id}`)) say(`action_id already exists: ${id}`)
      actions.add(`${index} ${id}`)
    }
    for (const url of urlsOf(block)) if (!/^(https?|slack|mailto):/.test(url)) say('invalid url')
  })
  if (tables > 1 && surface === 'message') wrong.push(`only one table allowed [json-pointer:${at}]`)
  if (markdown > MOST_CHARACTERS_OF_MARKDOWN)
    wrong.push(`markdown text of all blocks is too long [json-pointer:${at}]`)
  if (
    surface === 'message' &&
    lengthOf(blocks.filter(({ type }) => type !== 'table' && type !== 'data_table')) >
      MOST_CHARACTERS_OF_BLOCKS
  )
    wrong.push(`msg_blocks_too_long [json-pointer:${at}]`)
  return wrong
}

const tableRules = (block: Fields, say: (message: string, below?: string) => unknown): void => {
  const rows = block.rows as unknown[][]
  const most = block.type === 'table' ? 100 : 101
  if (rows.length < 1 || rows.length > most) say(`must have 1 to ${most} rows`, '/rows')
  if (rows.some((row) => row.length < 1 || row.length > 20)) say('must have 1 to 20 cells', '/rows')
  if (new Set(rows.map((row) => row.length)).size > 1) say('rows differ in length', '/rows')
  if (lengthOf(rows) > MOST_CHARACTERS_OF_TABLE) say('table is too long', '/rows')
  for (const cell of rows.flat() as Fields[])
    if (cell.type === 'raw_text' && cell.text === '') say('empty cell', '/rows')
}

const actionIds = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(actionIds)
  if (value === null || typeof value !== 'object') return []
  const { action_id: own, ...rest } = value as Fields
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(rest).flatMap(actionIds)]
}

const urlsOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(urlsOf)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (['url', 'image_url'].includes(key) ? [inner] : []) : urlsOf(inner),
  )
}

/** Rules of a modal or home tab beyond its type. */
export const viewRules = (view: Fields): string[] => {
  const wrong: string[] = []
  const blocks = view.blocks as Fields[]
  if (view.type === 'modal' && blocks.some(({ type }) => type === 'input') && !view.submit)
    wrong.push('submit is required when an input block is within blocks [json-pointer:/view/submit]')
  if (JSON.stringify(view).length > 250_000) wrong.push('view is larger than 250 kB [json-pointer:/view]')
  return wrong
}

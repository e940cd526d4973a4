/**
 * The attacks were written against a small CRM of their own. This is the one place that says what each of its names is
 * called here; whatever has no counterpart keeps its name, and is then unknown here too.
 */
const TABLES: Readonly<Record<string, string>> = {
  organizations: 'companies',
  contacts: 'people',
  funds: 'stages',
  commitments: 'deals',
  activities: 'interactions',
  notes: 'tasks',
  api_keys: 'access_tokens',
  users: 'members',
  audit_log: 'audit_events',
}

const COLUMNS: Readonly<Record<string, string>> = {
  organization_id: 'company_id',
  fund_id: 'stage_id',
  vintage: 'position',
  target: 'probability',
  committed_on: 'close_date',
  closed_on: 'close_date',
  happened_at: 'occurred_at',
  body: 'body_text',
  token: 'token_hash',
  password_hash: 'hash',
  private_note: 'private_note',
}

/** `contact_id` leads to a person from recipients, and to a company from deals and interactions. */
const withContacts = (sql: string): string => {
  const [, alias = ''] = /email_recipients\s+(?:as\s+)?(\w+)/i.exec(sql) ?? []
  return sql.replace(/\b(?:(\w+)\.)?contact_id\b/gi, (_, of: string | undefined) => {
    const isRecipient =
      of === undefined ? /email_recipients/i.test(sql) : of === alias || of === 'email_recipients'
    return `${of === undefined ? '' : `${of}.`}${isRecipient ? 'person_id' : 'company_id'}`
  })
}

const ID = '00000000-0000-7000-8000-'
/** The id that record `n` of the fixture has here. */
export const idOf = (n: number): string => `${ID}${String(n).padStart(12, '0')}`

/** Numbers that are compared with ids become ids: here they are uuids. */
const withIds = (sql: string): string =>
  sql
    .replace(
      /(\b\w*\.?(?:id|fund_id)\s*(?:=|<>|!=)\s*)(\d{1,6})\b(?!\s*[-+*/.])/gi,
      (_, head: string, n: string) => `${head}'${idOf(Number(n))}'`,
    )
    .replace(/\(('\w+'),\s*(\d)\)/g, (_, text: string, n: string) => `(${text},'${idOf(Number(n))}')`)
    .replace(/(id\s*=\s*ANY\s*\(\s*ARRAY)\[([\d,\s]+)\]/gi, (_, head: string, list: string) => {
      const ids = list.split(',').map((n) => `'${idOf(Number(n))}'::uuid`)
      return `${head}[${ids.join(',')}]`
    })

const mapName = (name: string): string => TABLES[name] ?? COLUMNS[name] ?? name

const WORD = new RegExp(`\\b(${[...Object.keys(TABLES), ...Object.keys(COLUMNS)].join('|')})\\b`, 'gi')

/** An attack's SQL in the names of this house. */
export const mapSql = (sql: string): string =>
  withIds(withContacts(sql.replace(/\bcustom\s*->>\s*'region'/gi, 'country'))).replace(WORD, (word) =>
    mapName(word.toLowerCase()),
  )

/** Keys of the relational form that hold names. */
const NAMING = new Set(['entity', 'col', 'name', 'as', 'star'])

/** A hostile JSON query in the names of this house. */
export const mapAst = (node: unknown): unknown => {
  // Nested deeper than a stack may go: it is sent as it is.
  const isDeep = (value: unknown): boolean => {
    let level: unknown[] = [value]
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth > 300) return true
      level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
      if (level.length > 200_000) return true
    }
    return false
  }
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return NAMING.has(key) ? mapName(value) : value
    if (Array.isArray(value)) return value.map((one) => walk(one, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]))
  }
  return isDeep(node) ? node : walk(node, '')
}

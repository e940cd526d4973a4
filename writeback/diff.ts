import { catalog } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { parseRecordUri } from '../domain/records.ts'
import type { ChangeInput, PlainChange, SetValue } from './changes.ts'
import type { DiffContext } from './context.ts'
import { assertNotCleared, withDefaults } from './defaults.ts'
import { checkEvidence } from './evidence.ts'
import { settableOf, settablesOf, writableEntity } from './fields.ts'
import type { SettableField, SettableLink } from './fields.ts'
import { plainChange } from './kinds.ts'
import { planLinks } from './links.ts'
import { diffMerge } from './merge.ts'
import type { PlannedChange, PlannedField, PlannedLink } from './plan.ts'
import { proseOf, readReference } from './references.ts'
import { assertUnique } from './uniqueness.ts'
import { canonicalField, readRow } from './rows.ts'
import type { Canonical, RecordRow } from './rows.ts'
import { readValue } from './values.ts'

/**
 * Turns changes as they were asked for into changes against the rows as they are: canonical old and new values, the
 * version they were read at, no field that stays the same. Throws errors that teach; `no_change` when nothing is left.
 */
export const diffChanges = async (
  asked: readonly ChangeInput[],
  context: DiffContext,
): Promise<readonly PlannedChange[]> => {
  const planned: PlannedChange[] = []
  for (const [place, change] of asked.entries()) {
    const at = `changes[${place}]`
    const plain = await plainChange(change, context, at)
    for (const next of await diffOne(plain, context, at)) {
      if (next.op === 'create') context.made.set(`change:${place + 1}`, { entity: next.entity, id: next.id })
      merge(planned, next, at)
    }
  }
  const left = planned.filter(
    ({ op, fields, links }) => op !== 'update' || fields.length > 0 || links.length > 0,
  )
  if (left.length === 0) {
    throw userError('no_change', 'Every record is already as asked; there is nothing to propose.', {
      fix: 'Tell the person that it is so already.',
    })
  }
  return left
}

const diffOne = async (
  change: PlainChange,
  context: DiffContext,
  at: string,
): Promise<readonly PlannedChange[]> => {
  const entity = writableEntity(change.entity, `${at}.entity`)
  const evidence = [...(await checkEvidence(context.tx, change.evidence, `${at}.evidence`))]
  if (change.op === 'create') {
    if (change.record !== undefined) {
      throw userError('unexpected_record', 'A record that is created has no handle yet.', {
        at: `${at}.record`,
        fix: 'Leave `record` out, or use op `update`.',
      })
    }
    return [{ ...(await diffCreate(entity, change, context, at)), evidence }]
  }
  const row = await targetRow(entity, change, context, at)
  const base = { entity: entity.name, id: row.id, version: row.version, fields: [], links: [], evidence }
  if (change.op === 'archive' || change.op === 'restore') {
    if (Object.keys(change.set).length > 0) {
      throw userError('unexpected_set', `Nothing is set when a record is ${change.op}d.`, {
        at: `${at}.set`,
        fix: 'Leave `set` out, or use op `update` in another proposal.',
      })
    }
    if (row.archived === (change.op === 'archive')) return [{ ...base, op: 'update' }]
    return [{ ...base, op: change.op }]
  }
  if (row.archived) {
    throw userError('record_archived', `The ${entity.one} is archived.`, {
      at: `${at}.record`,
      fix: 'Restore it first, with op `restore`.',
    })
  }
  if (change.op === 'merge') return await diffMerge(entity, change, { winner: row, evidence }, context, at)
  return [{ ...(await diffUpdate(entity, { ...change, op: change.op }, row, context, at)), evidence }]
}

const targetRow = async (
  entity: Entity,
  { record }: PlainChange,
  { tx }: DiffContext,
  at: string,
): Promise<RecordRow> => {
  const where = `${at}.record`
  const fix = `Give the handle of a ${entity.one}, as a tool returned it.`
  const ref = record === undefined ? undefined : parseRecordUri(record.trim())
  if (!ref) throw userError('bad_reference', 'The change does not name a record.', { at: where, fix })
  if (ref.entity !== entity.name) {
    const kind = catalog.has(ref.entity) ? ref.entity : 'another kind'
    throw userError('wrong_entity', `The record is one of ${kind}, not of ${entity.name}.`, {
      at: where,
      fix,
    })
  }
  const row = await readRow(tx, entity, ref.id)
  if (row) return row
  throw userError('record_not_found', `There is no such ${entity.one} in this workspace.`, { at: where, fix })
}

interface Asked {
  readonly fields: ReadonlyMap<SettableField, SetValue>
  readonly links: ReadonlyMap<SettableLink, SetValue>
}

const sortAsked = (entity: Entity, op: 'create' | 'update', set: PlainChange['set'], at: string): Asked => {
  const fields = new Map<SettableField, SetValue>()
  const links = new Map<SettableLink, SetValue>()
  const seen = new Set<string>()
  for (const [key, value] of Object.entries(set)) {
    const settable = settableOf(entity, op, key, `${at}.set.${key.slice(0, 60)}`)
    if (seen.has(settable.name)) {
      throw userError('set_twice', `The field ${settable.name} is set twice.`, {
        at: `${at}.set`,
        fix: 'Set it once.',
      })
    }
    seen.add(settable.name)
    if (settable.kind === 'field') fields.set(settable, value)
    else links.set(settable, value)
  }
  return { fields, links }
}

/** A value as it was written, in canonical form; references as ids. `currency` is what an amount counts in. */
export const readField = async (
  field: SettableField,
  value: SetValue,
  context: DiffContext,
  { currency, at }: { readonly currency: string; readonly at: string },
): Promise<Canonical> => {
  if (value !== null && field.marks.references) {
    return await readReference(context, field.marks.references, value, at)
  }
  const written = typeof value === 'string' ? await proseOf(context.tx, value) : value
  return readValue(field, written, { clock: context.clock, country: context.country, currency, at })
}

/** Reads currencies before the amounts that count in them. */
const readFields = async (
  { fields }: Asked,
  context: DiffContext,
  present: (column: string) => Canonical,
  at: string,
): Promise<ReadonlyMap<string, Canonical>> => {
  const values = new Map<string, Canonical>()
  const inOrder = [...fields].sort(([a], [b]) => Number(a.type === 'money') - Number(b.type === 'money'))
  for (const [field, value] of inOrder) {
    const where = `${at}.set.${field.name}`
    const by = field.marks.currency
    const currency = (by && (values.get(by) ?? present(by))) || context.currency
    const read = await readField(field, value, context, { currency: String(currency), at: where })
    assertNotCleared(field, read, where)
    values.set(field.column, read)
    // An amount is never stored without what it counts in.
    if (by && read !== null && !values.get(by) && !present(by)) values.set(by, String(currency))
  }
  return values
}

const plannedField = (
  { name, column, type, marks }: SettableField,
  before: Canonical,
  after: Canonical,
  beside: (column: string) => Canonical,
): PlannedField => {
  const currency = marks.currency === undefined ? null : beside(marks.currency)
  return {
    field: name,
    column,
    type,
    old: before,
    new: after,
    currency: currency === null ? null : String(currency),
  }
}

const diffCreate = async (
  entity: Entity,
  change: PlainChange,
  context: DiffContext,
  at: string,
): Promise<Omit<PlannedChange, 'evidence'>> => {
  const id = newId()
  const asked = sortAsked(entity, 'create', change.set, at)
  const given = await readFields(asked, context, () => null, at)
  const values = await withDefaults(entity, given, context, at)
  const valueOf = (column: string): Canonical => values.get(column) ?? null
  await assertUnique(context.tx, entity, id, { changed: new Set(values.keys()), valueOf, at })
  const fields = settablesOf(entity, 'create').flatMap((field): PlannedField[] => {
    const value = field.kind === 'field' ? values.get(field.column) : undefined
    if (field.kind !== 'field' || value === undefined) return []
    return [plannedField(field, null, value, valueOf)]
  })
  const links: PlannedLink[] = []
  for (const [link, value] of asked.links) {
    links.push(
      ...(await planLinks(link, value, 'add', { context, recordId: id, at: `${at}.set.${link.name}` })),
    )
  }
  return { op: 'create', entity: entity.name, id, version: null, fields, links }
}

const diffUpdate = async (
  entity: Entity,
  change: PlainChange,
  row: RecordRow,
  context: DiffContext,
  at: string,
): Promise<Omit<PlannedChange, 'evidence'>> => {
  const asked = sortAsked(entity, 'update', change.set, at)
  const first = change.op === 'update' ? [...asked.links.keys()][0] : [...asked.fields.keys()][0]
  if (first || asked.fields.size + asked.links.size === 0) {
    const toMany = settablesOf(entity, 'update').filter(
      ({ kind }) => kind === (change.op === 'update' ? 'field' : 'link'),
    )
    throw userError(
      'wrong_operation',
      first
        ? `The op ${change.op} does not set ${first.name}.`
        : `The op ${change.op} needs something in \`set\`.`,
      {
        at: `${at}.set`,
        fix: 'Fields and to-one relations go with op `update`; to-many relations with `link` or `unlink`.',
        validOptions: toMany.map(({ name }) => name),
      },
    )
  }
  const values = await readFields(asked, context, (column) => canonicalField(entity, column, row), at)
  const valueOf = (column: string): Canonical =>
    values.has(column) ? (values.get(column) ?? null) : canonicalField(entity, column, row)
  await assertUnique(context.tx, entity, row.id, { changed: new Set(values.keys()), valueOf, at })
  const fields = [...asked.fields.keys()].flatMap((field): PlannedField[] => {
    const before = canonicalField(entity, field.column, row)
    const after = values.get(field.column) ?? null
    return before === after ? [] : [plannedField(field, before, after, valueOf)]
  })
  const links: PlannedLink[] = []
  const action = change.op === 'unlink' ? 'remove' : 'add'
  for (const [link, value] of asked.links) {
    links.push(
      ...(await planLinks(link, value, action, { context, recordId: row.id, at: `${at}.set.${link.name}` })),
    )
  }
  return { op: 'update', entity: entity.name, id: row.id, version: row.version, fields, links }
}

/** Changes of one record become one; what contradicts is refused. */
const merge = (planned: PlannedChange[], next: PlannedChange, at: string): void => {
  const place = planned.findIndex(({ entity, id }) => entity === next.entity && id === next.id)
  const earlier = planned[place]
  if (!earlier) {
    planned.push(next)
    return
  }
  const idle = (change: PlannedChange): boolean =>
    change.op === 'update' && change.fields.length === 0 && change.links.length === 0
  const twiceField = next.fields.find(({ column }) => earlier.fields.some((field) => field.column === column))
  const twiceLink = next.links.find((link) =>
    earlier.links.some((one) => one.relation === link.relation && one.target_id === link.target_id),
  )
  if (twiceField || twiceLink || (earlier.op !== next.op && !idle(earlier) && !idle(next))) {
    throw userError(
      'set_twice',
      'Two changes of this proposal contradict or repeat each other on one record.',
      {
        at,
        fix: 'Say each thing once; archive and update a record in separate proposals.',
      },
    )
  }
  planned[place] = {
    ...earlier,
    op: idle(earlier) ? next.op : earlier.op,
    fields: [...earlier.fields, ...next.fields],
    links: [...earlier.links, ...next.links],
    evidence: [...earlier.evidence, ...next.evidence],
  }
}

import { catalog, entityOf } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { parseRecordUri } from '../domain/records.ts'
import type { EvidenceInput } from './changes.ts'
import type { Evidence } from './plan.ts'
import { tableOf } from './rows.ts'

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase()

/**
 * Checks each quote against the record it is said to stand in. A quote that is not there is kept and shown as not
 * found: the person who decides should see that. Throws where the record itself does not exist.
 */
export const checkEvidence = async (
  tx: TenantTx,
  given: readonly EvidenceInput[],
  at: string,
): Promise<readonly Evidence[]> => {
  const checked: Evidence[] = []
  for (const [place, { record, quote }] of given.entries()) {
    const words =
      quote === undefined || quote.trim() === '' ? null : quote.toWellFormed().replaceAll('\u0000', '')
    if (record === undefined || record.trim() === '') {
      if (words !== null) checked.push({ entity: null, id: null, quote: words, found: null })
      continue
    }
    const where = `${at}[${place}].record`
    const ref = parseRecordUri(record.trim())
    const entity = ref && catalog.get(ref.entity)
    const fix = 'Give the handle of the record as a tool returned it, or leave the evidence out.'
    if (!ref || !entity || entity.internal) {
      throw userError('bad_reference', 'The evidence does not name a record.', { at: where, fix })
    }
    const text = await textOf(tx, ref.entity, ref.id)
    if (text === undefined) {
      throw userError('record_not_found', 'The record named as evidence does not exist.', { at: where, fix })
    }
    checked.push({
      entity: ref.entity,
      id: ref.id,
      quote: words,
      found: words === null ? null : folded(text).includes(folded(words)),
    })
  }
  return checked
}

/** Everything written in a record, as one text. */
const textOf = async (tx: TenantTx, name: string, id: string): Promise<string | undefined> => {
  const entity = entityOf(name)
  const texts = Object.entries(entity.columns).filter(
    ([key, { marks }]) =>
      marks.internal === undefined && marks.references === undefined && key !== 'content_hash',
  )
  const columns = sql.join(
    texts.map(([key]) => sql`t.${sql.identifier(key)}::text`),
    sql`, `,
  )
  const [found] = await rows<{ text: string }>(
    tx,
    sql`select concat_ws(E'\n', ${columns}) as text from ${tableOf(entity)} t where t.id = ${id}::uuid`,
  )
  return found?.text
}

import type { TenantTx } from '../../db/tenant.ts'
import { userError } from '../../domain/errors.ts'
import { resolvePath } from '../../query/paths.ts'
import type { BoundField } from '../../query/paths.ts'
import { parseQuery } from '../../query/parse-json.ts'
import { OPERATORS_OF } from '../../query/resolve-test.ts'
import { runQuery } from '../../query/run.ts'
import type { QueryContext } from '../../query/run.ts'

const SAMPLES = 12
const LONGEST = 60
/** A value that a single record has says something of that record. */
const FEWEST = 2

/** Frequent values of a harmless text; none of a field that is hidden, or of one with a closed set of values. */
const samplesOf = async (
  tx: TenantTx,
  entity: string,
  { field, label }: BoundField,
  context: QueryContext,
): Promise<readonly string[]> => {
  if (field.type !== 'text' || field.hide !== 'none' || field.values !== undefined) return []
  const { rows } = await runQuery(
    tx,
    parseQuery({
      find: entity,
      where: [{ field: label, op: 'not_empty' }],
      group_by: [label],
      measures: [{ fn: 'count', as: 'records' }],
      having: [{ field: 'records', op: '>=', value: FEWEST }],
      order: ['-records', label],
      limit: SAMPLES,
    }),
    context,
  )
  return rows.flatMap(([value]) => (typeof value === 'string' && value.length <= LONGEST ? [value] : []))
}

/** One field of an entity, or of a record it leads to, with what it is compared by and samples where they are harmless. */
export const describeField = async (
  tx: TenantTx,
  entity: string,
  path: string,
  context: QueryContext,
  notes: Set<string>,
) => {
  const target = resolvePath(entity, path, { at: 'entity', notes })
  if (target.kind === 'many') {
    throw userError('not_a_field', `\`${target.label}\` is a relation to several records.`, {
      at: 'entity',
      fix: `Describe ${target.relation.entity}.`,
      validOptions: [target.relation.entity],
    })
  }
  const { field, label } = target
  const samples = await samplesOf(tx, entity, target, context)
  return {
    name: label,
    entity: target.entity,
    type: field.type,
    hidden: field.hide !== 'none' || field.type === 'record',
    operators: [...OPERATORS_OF[field.type]],
    ...(field.about === undefined ? {} : { about: field.about }),
    ...(field.words.length === 0 ? {} : { also: [...field.words] }),
    ...(field.values === undefined ? {} : { values: [...field.values] }),
    ...(samples.length === 0 ? {} : { samples: [...samples] }),
  }
}

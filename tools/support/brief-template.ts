import { z } from 'zod'
import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { PART_NAMES } from './brief-parts.ts'
import type { BriefKind } from './brief-parts.ts'

/** Parts in order; where a limit or a title is given it takes the place of the usual one. */
const Template = z
  .array(
    z.strictObject({
      part: z.enum(PART_NAMES),
      title: z.string().min(1).max(80).optional(),
      limit: z.int().min(1).max(25).optional(),
    }),
  )
  .min(1)
  .max(PART_NAMES.length)
export type Template = z.infer<typeof Template>

/**
 * The workspace's own shape of a brief: the newest active answer template whose family is the kind. `unreadable` when it
 * holds something else than parts; undefined when there is none.
 */
export const templateOf = async (
  tx: TenantTx,
  kind: BriefKind,
): Promise<Template | 'unreadable' | undefined> => {
  const [found] = await rows<{ body: unknown }>(
    tx,
    sql`select body from workflow.answer_templates
      where family = ${kind} and is_active and deleted_at is null order by template_version desc, id desc limit 1`,
  )
  if (!found) return undefined
  const read = Template.safeParse(found.body)
  return read.success ? read.data : 'unreadable'
}

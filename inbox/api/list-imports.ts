import { z } from 'zod'
import { IMPORT_STATES } from '../../db/catalog/imports.ts'
import { notFound } from '../../domain/errors.ts'
import { freeText, freeTextOrNull } from '../../domain/pii.ts'
import { localIso } from '../../domain/zone.ts'
import type { WithSecrets } from '../../tools/define.ts'
import { defineTool } from '../../tools/define.ts'
import { listImports } from '../../writeback/imports/store.ts'
import type { StoredImport } from '../../writeback/imports/store.ts'

/** A table that was brought, and what became of it. Ids of imports name nobody. */
export const ApiImport = z.object({
  id: z.string(),
  source: z.string().describe('Kind and name of the file.'),
  state: z.enum(IMPORT_STATES),
  reads_as: z.string().nullable().describe('What its rows are.'),
  columns: z.array(z.object({ header: z.string(), goes_to: z.string().nullable() })),
  counts: z.record(z.string(), z.number()),
  failure: z.string().nullable(),
  created_at: z.string(),
})
export type ApiImport = z.infer<typeof ApiImport>

export const apiImport = (stored: StoredImport): WithSecrets<ApiImport> => ({
  id: stored.id,
  source: freeText(stored.source),
  state: stored.state,
  reads_as: stored.mapping?.kind ?? null,
  columns: (stored.mapping?.columns ?? []).map(({ header, slot }) => ({
    header: freeText(header),
    goes_to: slot,
  })),
  counts: stored.counts,
  failure: freeTextOrNull(stored.failure),
  created_at: stored.createdAt,
})

/** The newest hundred, or one of them. */
export const listImportsTool = defineTool({
  name: 'list_imports',
  title: 'List imports',
  description: 'Tables that were imported, newest first: where each stands and what it counted.',
  risk: 'read',
  labels: { running: 'Listing imports', done: 'Listed imports' },
  input: z.strictObject({ id: z.string().max(64).optional() }),
  data: z.object({ imports: z.array(ApiImport) }),
  run: async ({ id }, { tx, now, workspace }) => {
    const all = await listImports(tx)
    const found = id === undefined ? all : all.filter((one) => one.id === id)
    if (id !== undefined && found.length === 0)
      throw notFound('no_such_import', 'There is no such import of a table in this workspace.', {
        fix: 'GET /api/crm/imports lists them.',
      })
    return {
      data: { imports: found.map(apiImport) },
      completeness: {
        total: found.length,
        returned: found.length,
        complete: found.length < 100,
        next_cursor: null,
        as_of: localIso(now.getTime(), workspace.timezone),
        timezone: workspace.timezone,
        filters_in_words: id === undefined ? 'the newest hundred imports' : 'one import by its id',
      },
      sources: [],
      notes: [],
    }
  },
})

import { join } from 'node:path'
import { readAttacks } from '../attacks/attack.ts'
import type { Attack } from '../attacks/attack.ts'
import { ownAttacks } from '../attacks/own/all.ts'
import { SURFACE_NAMES } from '../attacks/surfaces.ts'
import type { SurfaceName } from '../attacks/surfaces.ts'
import { DATA, options, out } from '../options.ts'
import { runAttacks } from '../suites/attacks.ts'
import type { AttackReport } from '../suites/attacks.ts'
import { onEngines } from './on-engines.ts'

const surfacesAsked = (): readonly SurfaceName[] | undefined => {
  const asked = options.surface ?? 'all'
  if (asked === 'all') return SURFACE_NAMES
  const names = asked.split(',')
  return names.every((name) => (SURFACE_NAMES as readonly string[]).includes(name))
    ? (names as SurfaceName[])
    : undefined
}

const attacksAsked = (): { readonly attacks: readonly Attack[]; readonly leftOut: readonly string[] } => {
  if (options.file === 'own') return { attacks: ownAttacks(), leftOut: [] }
  const files =
    options.file === undefined
      ? ['attacks.dev.jsonl', 'attacks_ast.dev.jsonl'].map((name) => join(DATA, 'query', name))
      : [options.file]
  const read = files.map((file) => readAttacks(file))
  const own = options.file === undefined ? ownAttacks() : []
  return {
    attacks: [...read.flatMap((found) => found ?? []), ...own],
    leftOut: read.includes(undefined) ? ['A file of attacks is not there.'] : [],
  }
}

const table = (reports: readonly AttackReport[]): string =>
  reports
    .map(
      ({ engine, surface, total, effective, answered, timedOut, faults, slowestMs }) =>
        `${engine.padEnd(9)} ${surface.padEnd(8)} ${String(total).padStart(5)} attacks ${String(effective).padStart(4)} effective ${String(answered).padStart(4)} answered ${String(timedOut).padStart(3)} at the deadline ${String(faults).padStart(3)} faults, slowest ${slowestMs} ms`,
    )
    .join('\n')

/** `total` attacks, and how many had an effect on any engine through any surface. Without --file: the known ones and our own. */
export const attacks = async (): Promise<number> => {
  const surfaces = surfacesAsked()
  if (!surfaces) {
    out(`There is no such surface. Use one of: all, ${SURFACE_NAMES.join(', ')}; several with commas.`)
    return 2
  }
  const { attacks: all, leftOut: missing } = attacksAsked()
  const asked = all.filter((_, index) => index % Number(options.every) === 0)
  const { reports: found, leftOut } = await onEngines((postgresUrl) =>
    runAttacks({
      attacks: asked,
      surfaces,
      processEvery: Number(options['process-every']),
      ...(postgresUrl === undefined ? {} : { postgresUrl }),
    }),
  )
  const reports = found.flat()
  const rows = reports.flatMap((report) => report.rows.map((row) => ({ engine: report.engine, ...row })))
  const effective = new Set(rows.filter((row) => row.effective).map(({ id }) => id))
  const engines = reports.map(({ rows: _rows, ...report }) => report)
  const summary = {
    total: asked.length,
    effective: effective.size,
    engines,
    leftOut: [...missing, ...leftOut],
  }
  if (options.json) out(JSON.stringify({ ...summary, rows }, null, 2))
  else {
    for (const row of rows) if (row.effective || options.verbose) out(JSON.stringify(row))
    out(
      `${table(reports)}\nattacks: ${effective.size} of ${asked.length} have an effect. ${summary.leftOut.join(' ')}`,
    )
  }
  return effective.size === 0 ? 0 : 1
}

import type { Attack } from '../attack.ts'
import { bombAttacks } from './bombs.ts'
import { functionAttacks } from './functions.ts'
import { jsonAttacks } from './json.ts'
import { nameAttacks } from './names.ts'
import { rowAttacks } from './rows.ts'
import { statementAttacks } from './statements.ts'

/** Attacks written here, in the names of this house, beside those of a file. */
export const ownAttacks = (options: { readonly allJson?: boolean } = {}): readonly Attack[] => [
  ...statementAttacks(),
  ...functionAttacks(),
  ...rowAttacks(),
  ...bombAttacks(),
  ...nameAttacks(),
  ...jsonAttacks(options.allJson ?? false),
]

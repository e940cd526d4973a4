import type { Attack } from './attack.ts'
import type { Outcome } from './judge.ts'

/** A way in. `ask` never throws for what an attack can bring about. */
export interface Surface {
  ask(attack: Attack): Promise<Omit<Outcome, 'ms'>>
  close(): Promise<void>
}

/** What a model would send: its SQL, or its JSON in place of the semantic form. */
export const toolArguments = ({ sql, ast }: Attack): Record<string, unknown> => {
  if (sql !== undefined) return { sql }
  try {
    const parsed: unknown = JSON.parse(ast ?? 'null')
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : { query: parsed }
  } catch {
    return { query: ast }
  }
}

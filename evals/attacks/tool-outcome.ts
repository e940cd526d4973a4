import type { Outcome } from './judge.ts'

interface Read {
  readonly data?: { readonly rows?: readonly unknown[] }
  readonly rows?: readonly unknown[]
  readonly code?: string
  readonly error?: { readonly code?: string }
}

const readJson = (text: string): Read => {
  try {
    return (JSON.parse(text) ?? {}) as Read
  } catch {
    return {}
  }
}

/** A JSON answer or error as a surface gave it. `restore` puts the names back that stand behind handles. */
export const outcomeOfTool = async (
  { failed, text }: { readonly failed: boolean; readonly text: string },
  restore?: (text: string) => Promise<string>,
): Promise<Omit<Outcome, 'ms'>> => {
  const { data, rows, error, code } = readJson(text)
  return {
    code: failed ? (error?.code ?? code ?? 'refused') : 'answered',
    text: restore ? await restore(text) : text,
    left: restore ? text : '',
    rows: (data?.rows ?? rows ?? []).length,
  }
}

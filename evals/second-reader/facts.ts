/** What a query speaks of, as two readers can tell it independently of their trees; each list is sorted, repeats kept. */
export interface Facts {
  readonly tables: readonly string[]
  readonly columns: readonly string[]
  readonly operators: readonly string[]
  readonly functions: readonly string[]
  readonly texts: readonly string[]
  readonly numbers: readonly string[]
}
export type FactName = keyof Facts

export const FACT_NAMES = ['tables', 'columns', 'operators', 'functions', 'texts', 'numbers'] as const

export type Counting = { readonly [K in FactName]: string[] }

export const newCounting = (): Counting => ({
  tables: [],
  columns: [],
  operators: [],
  functions: [],
  texts: [],
  numbers: [],
})

const ALSO: Readonly<Record<string, string>> = {
  '!=': '<>',
  'is not': 'is not null',
  is: 'is null',
  char_length: 'length',
  character_length: 'length',
  substr: 'substring',
}

/** One name for what has two. */
export const plain = (name: string): string => {
  const lower = name.toLowerCase().replaceAll(/\s+/g, ' ').trim()
  return ALSO[lower] ?? lower
}

export const numberText = (value: unknown): string => String(Math.abs(Number(value)))

/** Sorted; columns and tables each once, because stars and USING repeat them at will. */
export const settle = (counting: Counting): Facts => {
  const sorted = (list: readonly string[]): readonly string[] => [...list].sort()
  const once = (list: readonly string[]): readonly string[] => sorted([...new Set(list)])
  return {
    tables: once(counting.tables),
    columns: once(counting.columns),
    operators: sorted(counting.operators),
    functions: sorted(counting.functions),
    texts: sorted(counting.texts),
    numbers: sorted(counting.numbers),
  }
}

/** What stands in one list and not in the other. */
export const difference = (a: readonly string[], b: readonly string[]): readonly string[] => {
  const left = [...b]
  return a.filter((one) => {
    const at = left.indexOf(one)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}

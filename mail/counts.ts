/** What an import counted. `seen` = `imported` + `duplicates` + `excluded`; `faulty` and `linked` are parts of `imported`. */
export interface Counts {
  readonly seen: number
  readonly imported: number
  readonly duplicates: number
  /** Kept with a note of what was wrong. */
  readonly faulty: number
  /** From or to a person of the workspace. */
  readonly linked: number
  /** Left out by the scope of the mailbox; absent where none were. */
  readonly excluded?: number
}

export const NO_COUNTS: Counts = { seen: 0, imported: 0, duplicates: 0, faulty: 0, linked: 0 }

export const addCounts = (a: Counts, b: Counts): Counts => ({
  seen: a.seen + b.seen,
  imported: a.imported + b.imported,
  duplicates: a.duplicates + b.duplicates,
  faulty: a.faulty + b.faulty,
  linked: a.linked + b.linked,
  ...(a.excluded || b.excluded ? { excluded: (a.excluded ?? 0) + (b.excluded ?? 0) } : {}),
})

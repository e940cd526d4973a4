import { recordUri } from '../domain/records.ts'
import type { StoredHandle, VaultStore } from './types.ts'

/** A vault store that lives as long as the process: for text that is scrubbed and restored in one go, and for tests. */
export const createMemoryStore = (): VaultStore => {
  const rows = new Map<string, StoredHandle>()
  let reserved = 0
  const keyOf = (row: StoredHandle): string => (row.record ? recordUri(row.record) : String(row.valueMac))
  return {
    load: async () => [...rows.values()],
    reserve: async (count) => {
      const first = reserved
      reserved += count
      return first
    },
    save: async (added) =>
      added.map((row) => {
        const winner = rows.get(keyOf(row)) ?? row
        rows.set(keyOf(winner), winner)
        return winner
      }),
  }
}

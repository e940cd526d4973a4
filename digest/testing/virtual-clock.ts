import type { Database } from '../../db/connect.ts'

/** The time that a database tells, and that stands still unless it is set. */
export interface VirtualClock {
  now(): Date
  set(at: Date): Promise<void>
}

/**
 * Has a database tell `at` wherever a statement of ours asks it for `clock_timestamp()`: leases, due times, waits after a
 * failure. Call it while nothing else is asked of this database. Functions with a search path of their own still tell
 * the real time.
 */
export const startVirtualClock = async ({ pool }: Database, at: Date): Promise<VirtualClock> => {
  let current = at
  await pool.query(`create schema virtual;
    create table virtual.clock (at timestamptz not null);
    create function virtual.clock_timestamp() returns timestamptz language sql volatile security definer
      as 'select at from virtual.clock';
    grant usage on schema virtual to public;`)
  await pool.query('insert into virtual.clock values ($1)', [at])
  const path = 'set search_path = virtual, pg_catalog, public'
  pool.on('connect', (client) => void client.query(path))
  await pool.query(path)
  return {
    now: () => current,
    set: async (next) => {
      current = next
      await pool.query('update virtual.clock set at = $1', [next])
    },
  }
}

/** Drizzle's SQL template, so that other folders write parameterised SQL without knowing the vendor. */
export { sql } from 'drizzle-orm'
export type { SQL } from 'drizzle-orm'

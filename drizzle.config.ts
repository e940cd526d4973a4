import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './db/tables.cjs',
  out: './db/migrations',
  schemaFilter: ['core', 'crm', 'fund', 'intel', 'inventory', 'workflow'],
  entities: { roles: true },
})

// What drizzle-kit reads: every table of the catalog. CommonJS, because drizzle-kit loads schemas with require().
const { catalog } = require('./catalog/all.ts')
const { tenants } = require('./catalog/core.ts')
const { SCHEMAS, appRole } = require('./catalog/define.ts')

module.exports = {
  appRole,
  ...SCHEMAS,
  tenants,
  ...Object.fromEntries([...catalog.values()].map((entity) => [entity.name, entity.table])),
}

/** Loads every entity file, so that the catalog is whole. A new entity adds one line here. */
import './core.ts'
import './companies.ts'
import './people.ts'
import './deals.ts'
import './tags.ts'
import './tasks.ts'
import './interactions.ts'
import './mail.ts'
import './workflow.ts'
import './imports.ts'

export { catalog, entityOf } from './define.ts'
export type { Computed, Entity, FieldType, Marks, Relation } from './define.ts'

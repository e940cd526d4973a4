/** A kind of record under `/api/crm`: its path, and its entity in the catalog. */
export interface Resource {
  readonly path: string
  readonly entity: string
  /** One of it, in words. */
  readonly one: string
  /** How a new one is asked for; null where programs make none. */
  readonly create: 'create' | 'log_interaction' | 'task' | null
}

export const RESOURCES = [
  { path: 'contacts', entity: 'people', one: 'contact', create: 'create' },
  { path: 'accounts', entity: 'companies', one: 'account', create: 'create' },
  { path: 'opportunities', entity: 'deals', one: 'opportunity', create: 'create' },
  { path: 'tasks', entity: 'tasks', one: 'task', create: 'task' },
  { path: 'interactions', entity: 'interactions', one: 'interaction', create: 'log_interaction' },
  { path: 'scores', entity: 'scores', one: 'score', create: null },
] as const satisfies readonly Resource[]

/** Of whom everything is read at once. */
export const SUBJECTS = ['people', 'companies', 'deals'] as const

/** What passes between the main thread and the database's thread, beside wire bytes (Uint8Array) both ways. */
export type ToWorker =
  | { readonly do: 'open' }
  | { readonly do: 'dump'; readonly compression: 'gzip' | 'none' }
  | { readonly do: 'close' }

export type FromWorker =
  | { readonly at: 'ready' }
  /** What follows belongs to the connection that was opened last. */
  | { readonly at: 'opened' }
  | { readonly at: 'began' }
  | { readonly at: 'ended' }
  | { readonly at: 'dumped'; readonly bytes: Uint8Array }
  | { readonly at: 'broken'; readonly reason: string }

export interface WorkerOptions {
  /** Directory of the data, or undefined for memory. */
  readonly dataDirectory: string | undefined
  /** A dump to start from, used where there is no database yet. */
  readonly loadFrom: string | undefined
}

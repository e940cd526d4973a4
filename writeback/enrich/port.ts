/** What an enricher is told of a company: its domain, by which the outside world knows it, and nothing else. */
export interface Sought {
  readonly domain: string
}

/** What was found out about a company, each with where it stands. */
export interface Finding {
  /** Fields of a company as a proposal sets them. */
  readonly set: Readonly<Record<string, string | number>>
  /** Who says so: `registry`, `example.com`. */
  readonly source: string
  readonly url?: string | undefined
  /** ISO 8601. */
  readonly fetchedAt: string
}

/** Knows things about companies that stand in no record here. Answers nothing where it knows nothing; throws where it fails. */
export interface Enricher {
  readonly name: 'file' | 'http'
  find(sought: Sought, signal: AbortSignal): Promise<readonly Finding[]>
}

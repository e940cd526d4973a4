interface Deciding {
  readonly hash: string
}
/** What tests look into answers for. */
export interface Body {
  readonly query_id: string
  readonly as_of: string
  readonly code: string
  readonly fix: string
  readonly at: string
  readonly csrf: string
  readonly openapi: string
  readonly written: boolean
  readonly data: readonly {
    readonly id: string
    readonly name: string
    readonly proposal: string
    readonly deciding: Deciding
  }[]
  readonly page: { readonly total: number; readonly next_cursor: string | null }
  readonly fields: Readonly<Record<string, unknown>>
  readonly sections: Readonly<Record<string, { readonly rows: readonly { readonly summary: string }[] }>>
  readonly changes: readonly { readonly fields: readonly object[] }[]
  readonly proposal: {
    readonly proposal: string
    readonly status: string
    readonly reason: string | null
    readonly changes: readonly object[]
    readonly deciding: Deciding
  }
  readonly import: { readonly id: string; readonly state: string }
}

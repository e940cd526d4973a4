/** Values of the edges that frames put together. */

export type Slot =
  | 'owner'
  | 'company'
  | 'person'
  | 'deal'
  | 'stage'
  | 'status'
  | 'amount'
  | 'budget'
  | 'bedrooms'
  | 'part'
  | 'title'
  | 'tag'
  | 'city'
  | 'country'
  | 'industry'
  | 'standing'
  | 'companyKind'
  | 'kind'
  | 'side'
  | 'done'
  | 'overdue'
  | 'direction'
  | 'attachment'
  | 'subject'

export type Scalar = string | number | boolean
/** A condition before it is known of which entity. */
export interface Want {
  readonly slot: Slot
  readonly op: '=' | '!=' | '>' | '>=' | '<' | '<=' | 'in' | 'not_in' | 'between' | 'any_of'
  readonly value: Scalar | readonly (string | number)[]
}

export interface EntityWord {
  readonly entity: string
  readonly where?: readonly Want[]
  readonly kind?: string
  readonly first?: boolean
  readonly listing?: boolean
  readonly lead?: boolean
}

/**
 * A time. `token` is written as query_crm takes it. `named`: a calendar period; `back`: since that long ago; `span`: a
 * bare length ("in 30 days"), which the frame points backwards; `older`: longer ago than; `ahead`: from now until.
 */
export type Period =
  | { readonly kind: 'named'; readonly token: string; readonly isFloating?: boolean }
  | { readonly kind: 'back' | 'span' | 'older' | 'ahead' | 'ago'; readonly token: string }
  | {
      readonly kind: 'since' | 'after' | 'before' | 'until'
      readonly token: string
      readonly isFloating?: boolean
    }
  | { readonly kind: 'between'; readonly token: string; readonly to: string }
  | { readonly kind: 'moment'; readonly token: string; readonly isFloating?: boolean }

export interface Reference {
  readonly label: 'people' | 'companies' | 'deals' | 'members' | 'ambiguous' | 'value' | 'unknown'
  readonly handles: readonly string[]
  /** `ambiguous`: what the words may stand for. */
  readonly candidates?: readonly string[]
}
export type RefRole =
  | 'bare'
  | 'at'
  | 'from'
  | 'to'
  | 'with'
  | 'for'
  | 'of'
  | 'about'
  | 'poss'
  | 'owner'
  | 'subject'
  | 'by'
export interface RefPiece {
  readonly role: RefRole
  readonly ref: Reference
  readonly isNegated?: boolean
}

export interface EventPiece {
  readonly event: string
  readonly isNegated: boolean
  /** The word itself says "not lately": stale, gone quiet. */
  readonly isQuiet?: boolean
}

export interface RankPiece {
  readonly slot: 'amount' | 'age'
  readonly desc: boolean
  readonly count?: number
}

/** Types of edges that may stand in a cover of the question. */
export const PIECE_TYPES: ReadonlySet<string> = new Set([
  'ENTITY',
  'ADJECTIVE',
  'FILTER',
  'MAIL',
  'EVENT',
  'STUCK_IN',
  'MOVED_TO',
  'PERIOD',
  'AMOUNT',
  'REF',
  'GROUP',
  'DIM',
  'RANKED',
  'MOST',
  'ORDER',
  'MEASURE',
  'PIPE',
  'REVENUE',
  'CLOSINGS',
  'WINS',
  'LOSSES',
  'VERSUS',
  'MORE',
  'TREND',
  'LAST',
  'RECENTLY',
  'ATTR',
  'OWNS',
  'MISSING',
  'NONE_OF',
  'ABOUT',
  'SAID',
  'SEARCH',
  'WAITING_US',
  'UNANSWERED',
  'WAITING_THEM',
  'QUOTE',
  'TEXT',
  'TOPIC',
  'LOOKING',
])

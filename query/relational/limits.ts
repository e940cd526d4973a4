/** Every bound of the relational form, in one place. */
export const LIMITS = {
  sqlBytes: 16_384,
  brackets: 64,
  comments: 50,
  /** Depth of JSON, and of an expression. */
  jsonDepth: 400,
  jsonNodes: 20_000,
  expressionDepth: 100,
  nodes: 3_000,
  queryDepth: 8,
  tables: 16,
  /** Tables once every reference to a WITH item counts for what it stands for. */
  expandedTables: 64,
  with: 20,
  columns: 100,
  /** Each keeps its rows for itself. */
  windows: 16,
  list: 1_000,
  literal: 2_000,
  wildcards: 6,
  regex: 200,
  seriesRows: 5_000,
  /** Nodes once the planner has put every WITH item and subquery in its place. */
  expandedNodes: 50_000,
  cellBytes: 20_000_000,
  /** Digits of a product: numeric multiplication is quadratic and cannot be interrupted. */
  productDigits: 4_000,
  rows: 500,
  resultBytes: 262_144,
  /** On the embedded engine what costs more than this takes longer than its deadline. */
  cost: { postgres: 2_000_000, embedded: 40_000 },
  /** A count beside the rows, where its time can end only with the whole transaction. */
  countCost: { postgres: 2_000_000, embedded: 20_000 },
  /** Ending a statement on the embedded engine means opening the database anew, and both must fit in three seconds. */
  timeoutMs: { postgres: 2_500, embedded: 1_200 },
} as const

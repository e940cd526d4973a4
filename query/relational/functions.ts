/** The functions a query may call, with the number of arguments each takes. Nothing outside these three lists can be called. */
type Arity = readonly [least: number, most: number]

export const AGGREGATES: ReadonlyMap<string, Arity> = new Map(
  Object.entries({
    count: [0, 1],
    sum: [1, 1],
    avg: [1, 1],
    min: [1, 1],
    max: [1, 1],
    string_agg: [2, 2],
    array_agg: [1, 1],
    bool_and: [1, 1],
    bool_or: [1, 1],
    stddev: [1, 1],
    stddev_samp: [1, 1],
    stddev_pop: [1, 1],
    variance: [1, 1],
    corr: [2, 2],
    percentile_cont: [1, 1],
    percentile_disc: [1, 1],
    mode: [0, 0],
  } satisfies Record<string, Arity>),
)

/** Aggregates that are written `f(x) WITHIN GROUP (ORDER BY y)`. */
export const ORDERED_SET: ReadonlySet<string> = new Set(['percentile_cont', 'percentile_disc', 'mode'])

export const WINDOWS: ReadonlyMap<string, Arity> = new Map(
  Object.entries({
    row_number: [0, 0],
    rank: [0, 0],
    dense_rank: [0, 0],
    percent_rank: [0, 0],
    cume_dist: [0, 0],
    ntile: [1, 1],
    lag: [1, 3],
    lead: [1, 3],
    first_value: [1, 1],
    last_value: [1, 1],
  } satisfies Record<string, Arity>),
)

export const SCALARS: ReadonlyMap<string, Arity> = new Map(
  Object.entries({
    lower: [1, 1],
    upper: [1, 1],
    initcap: [1, 1],
    length: [1, 1],
    char_length: [1, 1],
    btrim: [1, 2],
    ltrim: [1, 2],
    rtrim: [1, 2],
    replace: [3, 3],
    concat: [1, 20],
    concat_ws: [2, 20],
    substring: [2, 3],
    substr: [2, 3],
    split_part: [3, 3],
    position: [2, 2],
    strpos: [2, 2],
    left: [2, 2],
    right: [2, 2],
    lpad: [2, 3],
    starts_with: [2, 2],
    regexp_replace: [3, 4],
    string_to_array: [2, 2],
    array_to_string: [2, 2],
    cardinality: [1, 1],
    array_length: [2, 2],
    round: [1, 2],
    abs: [1, 1],
    floor: [1, 1],
    ceil: [1, 1],
    ceiling: [1, 1],
    trunc: [1, 2],
    mod: [2, 2],
    sign: [1, 1],
    sqrt: [1, 1],
    power: [2, 2],
    ln: [1, 1],
    log: [1, 2],
    date_trunc: [2, 3],
    date_part: [2, 2],
    extract: [2, 2],
    now: [0, 0],
    age: [1, 2],
    to_char: [2, 2],
    to_date: [2, 2],
    to_timestamp: [1, 2],
    make_date: [3, 3],
    make_interval: [0, 7],
    justify_days: [1, 1],
    justify_hours: [1, 1],
    justify_interval: [1, 1],
    timezone: [2, 2],
    date: [1, 1],
  } satisfies Record<string, Arity>),
)

export const arityOf = (name: string): Arity | undefined =>
  AGGREGATES.get(name) ?? WINDOWS.get(name) ?? SCALARS.get(name)

export const functionNames = (): readonly string[] => [
  ...SCALARS.keys(),
  ...AGGREGATES.keys(),
  ...WINDOWS.keys(),
]

export const DATE_UNITS: ReadonlySet<string> = new Set([
  'century',
  'day',
  'decade',
  'dow',
  'doy',
  'epoch',
  'hour',
  'isodow',
  'isoyear',
  'microseconds',
  'millennium',
  'milliseconds',
  'minute',
  'month',
  'quarter',
  'second',
  'week',
  'year',
])

/** Functions whose first argument is a unit of time, written into the SQL as a checked word. */
export const UNIT_FIRST: ReadonlySet<string> = new Set(['extract', 'date_trunc', 'date_part'])

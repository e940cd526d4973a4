/** What the query page adds to the style sheet. */
export const QUERY_STYLE = `
.ask label { display: block; color: var(--soft); font-size: 0.875rem; margin: 0 0 0.4rem; }
.ask textarea { width: 100%; font: 0.875rem/1.5 ui-monospace, monospace; padding: 0.75rem; border-radius: 9px;
  border: 1px solid var(--line); background: var(--ground); color: var(--ink); resize: vertical; }
.wide { overflow-x: auto; }
table.rows { table-layout: auto; }
table.rows th, table.rows td { width: auto; white-space: normal; }
table.rows td.number { text-align: right; font-variant-numeric: tabular-nums; }
.chart { width: 100%; height: auto; margin: 1.25rem 0; font-size: 13px; }
.chart rect { fill: var(--accent); }
.chart text { fill: var(--ink); }
.chart .tick, .chart .value { fill: var(--soft); font-size: 12px; }
.chart .grid { stroke: var(--line); }
details { margin: 1rem 0 0; } summary { cursor: pointer; color: var(--soft); font-size: 0.875rem; }
pre { font: 0.78rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
`

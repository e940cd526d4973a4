/** The one style sheet, in the reader's light or dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f2; --card: #ffffff; --ink: #1d1b16; --soft: #5f5b52; --line: #e3e0d8;
  --accent: #3b4cca; --accent-ink: #ffffff; --good: #1c7a4b; --good-ground: #e8f5ee; --bad: #b3261e;
  --bad-ground: #fbebe9; --warn: #8a5a00; --warn-ground: #fdf3dc; --old: #b3261e; --new: #1c7a4b;
  --shadow: 0 1px 2px rgb(0 0 0 / 5%), 0 4px 16px rgb(0 0 0 / 4%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16171b; --card: #1f2126; --ink: #eceae4; --soft: #aba79d; --line: #34363d;
    --accent: #98a4ff; --accent-ink: #14162b; --good: #7fd6a6; --good-ground: #173225; --bad: #ff9d94;
    --bad-ground: #3a1d1b; --warn: #f0c46a; --warn-ground: #362a12; --old: #ff9d94; --new: #7fd6a6;
    --shadow: 0 1px 2px rgb(0 0 0 / 30%);
  }
}
* { box-sizing: border-box; }
html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; background: var(--ground); color: var(--ink); }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar > div, main { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
.bar > div { display: flex; align-items: center; gap: 1rem; min-height: 3.5rem; flex-wrap: wrap; padding-block: 0.4rem; }
.brand { font-weight: 700; letter-spacing: -0.01em; text-decoration: none; color: var(--ink); }
.brand span { color: var(--soft); font-weight: 400; }
.who { margin-left: auto; color: var(--soft); font-size: 0.875rem; display: flex; gap: 0.75rem; align-items: center; }
.who form { margin: 0; }
main { padding-top: 1.75rem; padding-bottom: 5rem; }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0; letter-spacing: -0.01em; }
h3 { font-size: 0.95rem; margin: 1.25rem 0 0.5rem; }
.tabs { display: flex; gap: 0.25rem; margin: 0 0 1.5rem; padding: 0; list-style: none; flex-wrap: wrap; }
.tabs a { display: block; padding: 0.35rem 0.85rem; border-radius: 99px; color: var(--soft); text-decoration: none; }
.tabs a:hover { background: var(--line); }
.tabs a[aria-current] { background: var(--ink); color: var(--ground); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow);
  padding: 1.25rem 1.4rem; margin: 0 0 1.25rem; }
.card > header { display: flex; gap: 0.75rem; align-items: baseline; justify-content: space-between; }
.card > header h1 { margin: 0; }
.back { margin: 0 0 0.75rem; font-size: 0.9rem; }
.card h2 a { color: inherit; text-decoration: none; }
.card h2 a:hover { text-decoration: underline; }
.meta { color: var(--soft); font-size: 0.875rem; margin: 0.25rem 0 0; }
.reason { margin: 0.9rem 0 0; padding-left: 0.9rem; border-left: 3px solid var(--line); white-space: pre-wrap;
  overflow-wrap: anywhere; }
.state { font-size: 0.8rem; font-weight: 600; padding: 0.15rem 0.65rem; border-radius: 99px; white-space: nowrap;
  background: var(--line); color: var(--soft); }
.state.pending { background: var(--warn-ground); color: var(--warn); }
.state.executed { background: var(--good-ground); color: var(--good); }
.state.conflicted, .state.failed { background: var(--bad-ground); color: var(--bad); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 0.25rem 0 0; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.75rem 0.45rem 0; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
thead th { border-top: 0; font-size: 0.78rem; color: var(--soft); font-weight: 500; padding-bottom: 0.15rem; }
tbody th { font-weight: 500; color: var(--soft); width: 9.5rem; }
thead th:first-child { width: 9.5rem; }
td { white-space: pre-wrap; }
td del { color: var(--old); text-decoration: line-through; text-decoration-thickness: 1px; }
td ins { color: var(--new); text-decoration: none; font-weight: 550; }
.none { color: var(--soft); font-style: italic; }
.from { display: block; width: fit-content; margin-top: 0.2rem; padding: 0 0.5rem; border-radius: 99px; font-size: 0.75rem; background: var(--line); color: var(--soft); white-space: normal; }
.from.outside { background: var(--bad-ground); color: var(--bad); font-weight: 600; }
.from.model { background: var(--warn-ground); color: var(--warn); }
.evidence { margin: 0.75rem 0 0; padding: 0.75rem 1rem; background: var(--ground); border-radius: 10px; font-size: 0.925rem; }
.evidence blockquote { margin: 0 0 0.35rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.evidence p { margin: 0; color: var(--soft); font-size: 0.85rem; }
.evidence .missing { color: var(--bad); font-weight: 600; }
.acts { display: flex; gap: 0.6rem; margin: 1.25rem 0 0; flex-wrap: wrap; align-items: center; }
.acts form { margin: 0; display: flex; gap: 0.6rem; flex-wrap: wrap; align-items: center; }
button { font: inherit; font-weight: 600; border-radius: 9px; border: 1px solid var(--line); padding: 0.5rem 1.1rem;
  background: var(--card); color: var(--ink); cursor: pointer; }
button:hover { border-color: var(--soft); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button.main:hover { filter: brightness(1.08); }
button.quiet { border: 0; background: none; padding: 0.25rem 0.4rem; color: var(--soft); font-weight: 500; text-decoration: underline; }
.tick { font-size: 0.875rem; color: var(--soft); display: inline-flex; gap: 0.4rem; align-items: center; margin-top: 0.5rem; }
.card > header .tick { margin: 0 0 0 auto; white-space: nowrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bulk { display: flex; gap: 0.75rem; align-items: center; flex-wrap: wrap; margin: 0 0 1.25rem; }
.impact { margin: 1rem 0 0; display: flex; gap: 0.5rem; flex-wrap: wrap; }
.impact span { background: var(--warn-ground); color: var(--warn); border-radius: 99px; padding: 0.15rem 0.75rem; font-size: 0.875rem; font-weight: 600; }
.field { margin: 0.75rem 0 0; }
.field > label:first-child { display: block; font-weight: 500; }
input[type=text], input[type=number], input[type=date], input[type=url], select { font: inherit; padding: 0.5rem 0.75rem; border-radius: 9px; border: 1px solid var(--line);
  background: var(--ground); color: var(--ink); min-width: 14rem; max-width: 100%; }
.notice { border-radius: 12px; padding: 0.85rem 1.1rem; margin: 0 0 1.25rem; background: var(--good-ground); color: var(--good); }
.notice.bad { background: var(--bad-ground); color: var(--bad); }
.notice p { margin: 0; }
.empty { text-align: center; color: var(--soft); padding: 3.5rem 1rem; }
.empty p { margin: 0.25rem 0; }
.hash { font: 0.78rem ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; margin: 1rem 0 0; }
.narrow { max-width: 26rem; margin: 3rem auto; }
dl.facts { display: grid; grid-template-columns: 9.5rem 1fr; gap: 0.3rem 0.75rem; margin: 1.25rem 0 0; font-size: 0.9rem; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 36rem) {
  .card > header { flex-direction: column; gap: 0.35rem; }
  thead { display: none; }
  tbody th, td { display: block; width: auto; border: 0; padding: 0.1rem 0; }
  tbody tr { display: block; border-top: 1px solid var(--line); padding: 0.4rem 0; }
  dl.facts { grid-template-columns: 1fr; }
}
`

/** The sign in the browser's tab. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3b4cca"/><path d="M8 11h16M16 11v12" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/></svg>`

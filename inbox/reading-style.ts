/** What conversations, the decoder and the dashboard add to the style sheet. */
export const READING_STYLE = `
.who { flex-wrap: wrap; row-gap: 0.2rem; }
.who nav { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; }
.who nav a { color: var(--ink); text-decoration: none; }
.who nav a:hover { text-decoration: underline; }
.lead { color: var(--soft); margin: -0.4rem 0 1.25rem; }
.part { margin: 2rem 0 0.75rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; padding: 0.9rem 0; border-top: 1px solid var(--line); }
.pair:first-child { border-top: 0; padding-top: 0; }
.pair h3 { margin: 0 0 0.25rem; color: var(--soft); font-size: 0.8rem; font-weight: 500; }
.pair > div:last-child .said { font: 0.82rem/1.6 ui-monospace, monospace; }
.said { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.card header + .meta + .said { margin-top: 0.75rem; }
.ask select { width: 100%; margin: 0 0 1rem; min-width: 0; }
.card > h2:first-child { margin-bottom: 0.25rem; }
article.card:focus-within { border-color: var(--accent); }
@media (max-width: 36rem) { .who { margin-left: 0; } .pair { grid-template-columns: 1fr; gap: 0.75rem; } }
`

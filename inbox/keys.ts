/**
 * The one script: moves the focus, presses nothing. `j` and `k` go from card to card, `a`, `r` and `u` go to the
 * Approve, Reject or Undo of the card one is in; Enter then presses it. Every page works without.
 */
export const KEYS = `'use strict'
const cards = () => [...document.querySelectorAll('article.card')]
const current = () => document.activeElement.closest('article.card')
const go = (card) => {
  if (!card) return
  const target = card.querySelector('h1, h2 a, h2')
  if (!target.hasAttribute('href')) target.tabIndex = -1
  target.focus()
}
const move = (step) => {
  const all = cards()
  const at = all.indexOf(current())
  go(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))])
}
const act = (name) => {
  const card = current() ?? (cards().length === 1 ? cards()[0] : null)
  card?.querySelector('form[action$="/' + name + '"] button')?.focus()
}
const KEYS = { j: () => move(1), k: () => move(-1), a: () => act('approve'), r: () => act('reject'), u: () => act('undo') }
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.target.closest('input, textarea, select')) return
  const key = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined
  if (!key) return
  event.preventDefault()
  key()
})
`

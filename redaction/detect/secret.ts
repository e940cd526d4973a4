import type { Span } from '../types.ts'
import { readUnits } from '../units.ts'
import { createWordIndex } from '../words.ts'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'
import { cueWindows } from './windows.ts'

/** Keys whose makers gave them a beginning of their own. */
const ISSUED =
  /^(?:sk-ant-[\w-]{16,}|sk-(?:proj-)?[\w-]{16,}|[spr]k_(?:live|test)_\w{10,}|whsec_\w{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|npm_\w{30,}|pypi-[\w-]{30,}|hf_\w{20,}|dop_v1_\w{30,}|shp(?:at|ss|ca|pa)_\w{20,}|key-[0-9a-f]{32}|AGE-SECRET-KEY-1\w{20,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?|tact_\w{20,})/u
const KEY_BLOCK =
  /-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/gu
const LABELS = createWordIndex(
  'password passwords passwd passwort kennwort passcode pwd pass senha contraseña clave secret token key apikey bearer pin passphrase mdp passe credentials login'.split(
    ' ',
  ),
)
const AFTER_LABEL =
  /(?:pass(?:word|wd|wort|code|phrase)|kennwort|pwd|senha|contraseña|clave|mot de passe|mdp|(?:client|api|access|shared)?[ _-]?(?:secret|token)|(?:api|access|secret|private)[ _-]?key|apikey|bearer|credentials|\bpin)\b(?:[ _-]?(?:key|code|id))?["']?\s{0,2}(?:(?:is|was|ist|lautet|est|es|é)(?:\s*:)?|[:=]|(?<=bearer)|=>)\s{0,3}(["'`]?)([^\s"'`<>,;]{4,128})/giu
const SHORTEST_TOKEN = 20

const TOKEN_UNITS = new Uint8Array(65_536)
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+/=.-')
  TOKEN_UNITS[character.charCodeAt(0)] = 1

/** Bits a character, over the characters of the token itself. */
const entropyOf = (token: string): number => {
  const counts = new Map<string, number>()
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length)
  return bits
}

/** Letters of both cases and digits, mixed as no word, path or identifier mixes them. */
const isRandom = (token: string): boolean => {
  if (token.length < 24 || /[./]{2}|^[0-9a-f-]+$/iu.test(token)) return false
  const parts = token.split(/[._/+=-]+/u)
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '')
  if (longest.length < 20 || !/\d/u.test(longest) || !/[a-z]/u.test(longest) || !/[A-Z]/u.test(longest))
    return false
  const turns = longest.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/gu)?.length ?? 0
  return turns >= longest.length / 5 && entropyOf(longest) >= 3.6
}

/** Runs of token characters, found by looking at every twentieth place: shorter ones are of no interest. */
const tokens = (text: string): Span[] => {
  const found: Span[] = []
  const units = readUnits(text)
  let from = 0
  while (from + SHORTEST_TOKEN <= text.length) {
    const probe = from + SHORTEST_TOKEN - 1
    let start = probe + 1
    while (start > from && TOKEN_UNITS[units[start - 1]!] === 1) start -= 1
    if (start > from) {
      from = start
      continue
    }
    let end = probe + 1
    while (end < text.length && TOKEN_UNITS[units[end]!] === 1) end += 1
    const raw = text.slice(start, end)
    const lead = /^[./=+-]+|^\w{1,24}=/u.exec(raw)?.[0].length ?? 0
    const token = raw.slice(lead).replace(/[.=-]+$/u, '')
    if (ISSUED.test(token) || isRandom(token))
      found.push(detected('SECRET', start + lead, start + lead + token.length))
    from = end + 1
  }
  return found
}

/** A word after `password is` is a password where it does not read as a word of the sentence. */
const isPassword = (value: string, written: string): boolean =>
  /[\d!@#$%^&*_+=~]/u.test(value) || (/[:=]\s*["'`]?$/u.test(written) && value.length >= 6)

/** Keys by their issuer's prefix, random tokens, private key blocks, and what stands after `password:` and its like. */
export const recogniseSecret: Recogniser = (text, { taken, words }) => {
  const found: Span[] = tokens(text)
  if (text.includes('-----BEGIN ')) {
    const whole = [{ start: 0, end: text.length }]
    for (const { start, end } of hitsIn(text, whole, KEY_BLOCK)) found.push(detected('SECRET', start, end))
  }
  for (const { start: from, end: to } of cueWindows(text, words, LABELS, { before: 16, after: 160 })) {
    for (const match of text.slice(from, to).matchAll(AFTER_LABEL)) {
      const value = match[2]!.replace(/[.)\]!?]+$/u, '')
      const start = from + match.index + match[0].length - match[2]!.length
      if (isPassword(value, text.slice(from + match.index, start))) {
        found.push(detected('SECRET', start, start + value.length))
      }
    }
  }
  return found.filter(({ start, end }, at) => {
    if (taken.has(start, end)) return false
    return !found.some((other, index) => index < at && other.start < end && start < other.end)
  })
}

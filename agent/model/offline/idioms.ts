/**
 * Ways of speaking that say the same as shorter words the rules know. Applied to what was said before it is read, in this
 * order, never to free text behind a colon or inside quotation marks.
 */
const IDIOMS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/\b(?:on (?:earth|file|record|our books|the books)|the (?:heck|hell)|a (?:little )?bit)\b/giu, ''],
  [/\b(?:in|as) (?:dollars|euros|money|cash) terms\b|,? in (?:dollars|euros)(?=\s*[?.!]?\s*$)/giu, ''],
  [/\bby (?:us|our team|the team|any(?:one|body)(?: of us)?)\b/giu, ''],
  [/\b(\w+ (?:emails?|messages?|mails?)) of (?:mine|ours)\b/giu, 'my $1'],
  [/\bin which\b/giu, 'where'],
  [
    /\b(?:should have|ought to have|were (?:supposed|due|meant|expected) to(?: have)?) closed?(?: already| by now)?\b/giu,
    'are past their close date',
  ],
  [/\b(?:has|have) (we|they|you|i) got\b/giu, 'do $1 have'],
  [/\b(we|they|you|i)(?:['’]ve| have) got\b/giu, '$1 have'],
  [/\b(did|has|have) (?:any|some|one)(?:one|body)? of us (?:ever )?/giu, '$1 we '],
  [/\bhow long is it since we\b/giu, 'when did we last'],
  [/\b(?:had|have) anything to do with\b/giu, 'talk to'],
  [/\bare we (?:currently )?working with\b|\bdo we work with\b/giu, 'do we have'],
  [/\b(?:came|come|coming) in from\b/giu, 'from'],
  [/\b(?:sits?|stands?) (at|in)\b/giu, 'are $1'],
  [/\b(?:split|spread|distributed|divided) (?:up )?(?:across|over|among) (?:the |all |our )*/giu, 'by '],
  [/\bamong (won|lost|open|closed|the|our|all)\b/giu, 'of $1'],
  [/\bstuck with no\b/giu, 'with no'],
  [/\bstill (owe|waiting|awaiting)\b/giu, '$1'],
  [
    /\b(deals?|opportunit(?:y|ies)|listings?|propert(?:y|ies)) (?:in|from|of|on) (?:the|our|my) (?:current |open )?pipeline\b/giu,
    'open $1',
  ],
  [/\bweighted forecast\b/giu, 'weighted pipeline'],
  [/\bbooked the most (meetings|calls|viewings|demos)\b/giu, 'had the most $1'],
  [
    /\b(?:send|sent|give|gave|provide|provided) (?:us |me )?anything (?:on|about|regarding|concerning)\b/giu,
    'write about',
  ],
  [
    /^(?:i(?:['’]ve| have)? (?:got to|have to|need to|must|should|ought to|to)) (.+?),? (?:so |and )?(?:please )?remind me(?: of (?:it|that))?\s*[.!]?$/giu,
    'remind me to $1',
  ],
]

/** Where free text begins that is kept as it was said. */
const FREE_TEXT = /[:"“]/u

/** What was said, with roundabout ways of saying it made plain. */
export const plainly = (said: string): string => {
  const at = said.search(FREE_TEXT)
  const head = at < 0 ? said : said.slice(0, at)
  const rest = at < 0 ? '' : said.slice(at)
  let text = head
  for (const [pattern, words] of IDIOMS) text = text.replace(pattern, words)
  return text === head
    ? said
    : `${text
        .replace(/ {2,}/gu, ' ')
        .replace(/ ([?.!,])/gu, '$1')
        .trimStart()}${rest}`
}

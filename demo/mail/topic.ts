/** Which outside people a topic suits. */
export type Fit =
  | 'founder'
  | 'staff'
  | 'backer'
  | 'advisor'
  | 'customer'
  | 'prospect'
  | 'partner'
  | 'buyer'
  | 'seller'
  | 'professional'
  | 'anyone'

/**
 * A kind of conversation. Turns alternate, the first by `opens`; a turn is a template (see template.ts) of paragraphs
 * parted by blank lines. `[file]` markers at its end, `@pdf name` or `@csv name`, attach a small file.
 */
export interface Topic {
  readonly fits: readonly Fit[]
  readonly weight: number
  readonly opens: 'us' | 'them'
  readonly subject: string
  readonly turns: readonly string[]
}

/** Sentences that come before or after the matter itself. */
export const SMALL_TALK = [
  'Hope [the week is treating you well|you are well|Monday was kind to you].',
  'I had this on my list [since Monday|for a while|all week].',
  '[A quick one|Just a quick one] before [lunch|the weekend|I forget].',
  'Short note between [two meetings|trains|calls].',
]

/** How an answer may begin. */
export const ANSWER_TALK = [
  'Sorry for the slow answer, [travel|a busy week|sick kids|the move to the new office].',
  'Thanks for [your patience|the quick answer|picking this up|writing].',
  '[From my phone, so short.|Between two meetings, so short.]',
]

export const PARTING = [
  '[Happy to jump on a call|Call me any time|Ring me] if [that is easier|anything is unclear].',
  'No rush on [my|this] side.',
  '[Let me know|Tell me] [what you think|if that works|either way].',
  'Thanks [again|a lot|in advance].',
  'Have a [good|quiet|great] [weekend|rest of the week|evening].',
]

export const SIGN_OFFS = [
  'Best',
  'Best regards',
  'Thanks',
  'Cheers',
  'Kind regards',
  'Many thanks',
  'Warmly',
  'Talk soon',
]

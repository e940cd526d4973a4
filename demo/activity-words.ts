import type { Vertical } from './world.ts'

type Kind = 'call' | 'meeting' | 'viewing' | 'note'

/** What is written down after a call, a meeting or a viewing. `[a|b]` is a choice; `$who`, `$deal` and `$amount` are filled in. */
export const ACTIVITY_WORDS: Readonly<Record<Vertical, Readonly<Record<Kind, readonly string[]>>>> = {
  fund: {
    call: [
      '[Intro|Catch-up|Follow-up] call with $who: [hiring plan|runway of $months months|two new pilots|churn in the smallest accounts|the next round]',
      '$who [walked me through|talked about] [unit economics|the pipeline|the cap table|pricing], [clear and honest|still rough|better than last time]',
      'Reference call about $who: [would work with them again|strong on product, thin on sales|very quick to learn]',
      'Checked in with $who; [they close the month at $amount|the new head of sales starts in January|no help needed for now]',
    ],
    meeting: [
      '[Met|Sat down with] $who [at the office|over coffee|at their lab|on video]: [demo of the new release|plan for the next eighteen months|what they would do with $amount]',
      'Partner meeting with $who: [good questions on margins|the market slide did not hold|asked for cohort data]',
      'Board meeting, $who presented: [ahead of plan|two months behind|revenue at $amount]',
      'First meeting with $who, [liked the team|market looks small|want to see customers]',
    ],
    viewing: [],
    note: [
      '$deal: [memo drafted|check the patent filing|competitor raised last week|ask about the option pool]',
      '[Heard|Read] that $who [is hiring in Berlin|lost a customer|spoke at a conference]',
    ],
  },
  sales: {
    call: [
      '[Discovery|Follow-up|Pricing] call with $who: [they compare three vendors|budget of $amount is approved|wants a smaller start|legal is the slow part]',
      '$who [asked for|wants] [a reference from their trade|a price without onboarding|the security papers|a second demo for the floor managers]',
      'Called $who, [left a voicemail|short talk, call again next week|decision moves to the new quarter]',
      'Support call with $who: [import failed, fixed|training for four new users|asked about the next release]',
    ],
    meeting: [
      '[Demo|Workshop|Review] with $who: [liked the mobile screen|export was the question|asked how roles work|needs SSO before signing]',
      'Quarterly review with $who: [usage up by a third|two sites do not use it|renewal in $months months]',
      'On site with $who, [walked the warehouse|met the shift leads|counted forty seats]',
    ],
    viewing: [],
    note: [
      '$deal: [champion is on leave|competitor offers a year free|procurement wants net 60|sponsor changed]',
      '$who [prefers calls before nine|reads mail on Fridays only|will be at the trade fair]',
    ],
  },
  brokerage: {
    call: [
      'Call with $who: [pre-approval came through at $amount|wants to see it again at night|worried about the roof|ready to make an offer]',
      '$who [asked about|wants to know] [the closing date|the association fees|schools nearby|what is left on the permit]',
      'Left a message for $who, [call again tomorrow|second try]',
      '$who called: [rate lock ends on Friday|the seller would go down to $amount|keys are with the neighbour]',
    ],
    meeting: [
      'Met $who [at the office|at the kitchen table]: [signed the listing agreement|went through the disclosures|set the price at $amount]',
      'Walk-through with $who: [list of eleven small repairs|staging next week|photos on Thursday]',
    ],
    viewing: [
      'Showed $deal to $who: [liked the light|kitchen too small|asked about the basement|stayed forty minutes]',
      'Second viewing of $deal with $who, [measured the bedrooms|brought the parents|counted outlets]',
      '[Viewing|Showing] with $who: [no parking, no interest|on their short list|wants to bid below asking]',
    ],
    note: [
      '$deal: [lockbox code changed|two offers expected|survey ordered|price drop if nothing by month’s end]',
      '$who [moves in spring at the latest|has a dog, needs a yard|pays cash]',
    ],
  },
}

export const TASK_WORDS: Readonly<Record<Vertical, readonly string[]>> = {
  fund: [
    'Ask $who for the data room',
    'Send notes to $who',
    'Reference call for $deal',
    'Introduce $who to a customer',
    'Write the memo on $deal',
  ],
  sales: [
    'Follow up with $who',
    'Send the revised quote to $who',
    'Book a demo for $deal',
    'Chase legal on $deal',
    'Call $who about the budget',
  ],
  brokerage: [
    'Call $who back',
    'Send the disclosures to $who',
    'Confirm the viewing with $who',
    'Order photos for $deal',
    'Check the permit of $deal',
  ],
}

/** What can be asked in place of what cannot, by what it is about. Every question of these is answerable. */
export const NEAR_IN_MEANING: readonly (readonly [about: RegExp, questions: readonly string[]])[] = [
  [
    /\b(?:churn\w*|retention|nrr|cancel\w*|leav(?:e|ing)|at risk)\b/i,
    [
      'How many customers did we lose this year?',
      'Customers with no contact in 60 days',
      'Deals lost this year',
    ],
  ],
  [
    /\b(?:win rate|conversion|close rate|success rate|quota|attainment)\b/i,
    ['How many deals did we win this year?', 'How many deals did we lose this year?', 'Pipeline by stage'],
  ],
  [
    /\b(?:forecast|predict|projection|projected|next (?:year|quarter|month)|will we|likely|odds|chances?|probability)\b/i,
    [
      'Weighted pipeline for next quarter by owner',
      'Deals closing next quarter',
      'Won revenue this quarter vs last quarter',
    ],
  ],
  [
    /\b(?:arr|mrr|growth|revenue|irr|tvpi|moic|dpi|ltv|cac)\b/i,
    [
      'Won revenue this quarter vs last quarter',
      'Won revenue by month',
      'Average deal size of won deals this year',
    ],
  ],
  [
    /^(?:why|how come)\b.*\b(?:los[et]|lost)\b/i,
    ['Deals lost this year', 'Emails about price in the last 30 days', 'Won revenue by month'],
  ],
  [
    /\b(?:sentiment|mood|happy|unhappy|satisf\w+)\b/i,
    [
      'Customers with no contact in 60 days',
      'Which emails are waiting for my reply?',
      'When did we last talk to someone?',
    ],
  ],
  [
    /^(?:please |can you |could you )*(?:send|forward|share|e-?mail|mail|message|text|reply|respond|draft|write|compose|call|invite)\b/i,
    [
      'Remind me to send someone the contract on Friday',
      'Log a call with someone today: wants a revised quote',
      'Which emails are waiting for my reply?',
    ],
  ],
  [
    /\b(?:should (?:i|we)|recommend|advise|opinion|what would you|focus on|priorit\w+)\b/i,
    ['Morning brief', 'Top 5 deals by amount', "Which open deals haven't been touched in 30 days?"],
  ],
]

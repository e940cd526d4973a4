import type { Topic } from './topic.ts'

/** What a brokerage writes and gets. */
export const BROKERAGE_TALK: readonly Topic[] = [
  {
    fits: ['buyer'],
    weight: 12,
    opens: 'them',
    subject: '[$home|Inquiry: $home|Is $home still available?|Question about $home]',
    turns: [
      '[We saw|I found] $home [online|on your page]. [Is it still available?|Is there an open house?] [We look for $beds bedrooms in $area, up to $amount.|What are the monthly costs, and is there parking?] [We could come on $day.|When can one see it?]',
      '[Yes, it is.|Still available, with some interest.] [Monthly costs are $fee, parking is one space.|Heating is from two years ago.] I can show it on $day at $hour. [Do you have a pre-approval already?|Is your place sold?]',
      '[$day at $hour is good.|We take $day.] [Pre-approval up to $amount.|We rent, so we are flexible.] [There will be four of us.|My partner joins.]',
      '[See you at the door.|Booked.] [The key box sticks, give me a minute.|Please park on the street.]',
    ],
  },
  {
    fits: ['buyer'],
    weight: 10,
    opens: 'us',
    subject: '[Viewings on $day|Three homes for $day|Homes in $area|New this week in $area]',
    turns: [
      '[I put together|Here is] a tour for $day: $home at $hour, [and two more nearby|then one in $area that is not listed yet]. [All within your budget.|The second is a stretch, but see it.] [Fine?|Shall I confirm?]',
      '[Good.|Confirm please.] [#k:Can we skip the one on the main road?|Can you ask about the roof of $home?] [We have until noon.|The dog comes along.]',
      '[#k:Skipped.|Asked: roof is nine years old.] [See you $day.|Bring good shoes, the path is mud.]',
      '[Thanks for today.|A long day, thank you.] [#m:$home stays on our list. What would it take to get it?|None of them, sorry. The light was wrong in all of them.]',
      '[#m:I would start at $amount.|Then we keep looking, I have two in mind.] [Sleep on it.|More on $day.]',
    ],
  },
  {
    fits: ['buyer', 'seller'],
    weight: 8,
    opens: 'us',
    subject: '[Offer on $home|$home – offer|Counter on $home]',
    turns: [
      '[The other side came back at $amount.|We have an offer at $amount] for $home, [closing in $few weeks|with a loan contingency]. [They want an answer by $day.|My advice: counter once, not twice.] [Papers attached.|Call me.]\n@pdf offer.pdf',
      '[#o:We can live with that if they leave the appliances.|Too low for us. Say $fee more and it is done.]',
      '[#o:They leave them.|They meet us half way, I would take it.] [Signatures today, please.|I send the papers for signing.]',
      '[Signed.|Done, both of us.] [Now we celebrate.|Thank you for holding the line.]',
      '[Congratulations.|Well done, both.] [Inspection is the next step.|Escrow opens on $day.]',
    ],
  },
  {
    fits: ['seller'],
    weight: 8,
    opens: 'us',
    subject: '[Feedback on $home|Open house at $home|This week at $home]',
    turns: [
      '[$n people at the open house|Five showings this week] for $home. [Most like the yard, nobody likes the carpet.|Two came back a second time.] [No offer yet.|One will write by $day.]',
      '[#c:What would a new carpet cost?|What do they say about the price?] [We are patient, up to a point.|Should we lower it?]',
      '[Let us wait until $day.|I would go to $amount, and take new pictures.] [#c:The carpet: two days, $fee.|Most say fair, some say high.]',
      '[Do it.|Agreed.]',
      '[Ordered.|New pictures on $day.]',
    ],
  },
  {
    fits: ['seller'],
    weight: 6,
    opens: 'them',
    subject: '[Selling our house|What is our house worth?|Listing in $area]',
    turns: [
      '[We think about selling|My mother moves in with us, so her house in $area is for sale]. [$beds bedrooms, a good roof, an old kitchen.|It needs paint.] [What would it bring, and how long does it take?|Would you have a look?]',
      '[Gladly.|Thank you for asking us.] [Homes like that went for around $amount this autumn.|I would say $few weeks if the price is right.] [I come by on $day at $hour?|Can I see it on $day?]',
      '[$day at $hour.|Come for coffee.] [Mind the dog.|The bell does not work.]',
      '[See you then.|Looking forward.]',
    ],
  },
  {
    fits: ['professional'],
    weight: 8,
    opens: 'us',
    subject: '[$home: title and closing|Closing of $home|Documents for $home]',
    turns: [
      '[We go under contract on $home|The buyer signed for $home.] [Could you open the file|Please start], closing in $few weeks. [Contract attached.|Buyer and seller are in copy of the next mail.]\n@pdf contract.pdf',
      '[File is open.|Received.] [#e:Title is clean but for an old easement at the back.|We miss the survey.] [I need the payoff letter by $day.|Fees attached.]\n@pdf fees.pdf',
      '[#e:The easement is known and in the papers.|Survey attached.\n@pdf survey.pdf]\nThe payoff letter [is on its way|comes from the bank on $day].',
      '[Good, then $day at $hour at our office.|Clear to close.]',
      '[We will be there.|Thank you, smooth as always.]',
    ],
  },
  {
    fits: ['professional'],
    weight: 8,
    opens: 'them',
    subject: '[Pre-approval for your client|Rate lock|Loan on $home|Appraisal of $home]',
    turns: [
      '[Your client is good up to $amount|The file is with underwriting], [rate locked until $day|twenty percent down]. [#f:I miss the last two pay slips. Could you nudge them?|The appraisal came in $fee under the price. How do you want to play it?]',
      '[#f:Nudged. They send it today.|Thanks for the warning. We ask the seller to meet us half way.]',
      '[#f:Got it, all complete.|If they do, I can close on $day.] [Letter attached.|Keep me posted.]\n@pdf letter.pdf',
    ],
  },
  {
    fits: ['professional'],
    weight: 6,
    opens: 'them',
    subject: '[Showing request $home|My buyers and $home|$home: access on $day]',
    turns: [
      '[My buyers|A couple from $city] would like to see $home [on $day at $hour|this week]. [Are there offers?|Is the seller open on the date?] [They are approved.|Cash, by the way.]',
      '[$day works, box code by text.|One offer on the table, they should hurry.] [Seller wants to close before the holidays.|Shoes off, please.]',
      '[Thanks, we were there.|Great.] [They think about it until $day.|Too close to the road for them.]',
    ],
  },
  {
    fits: ['professional'],
    weight: 6,
    opens: 'them',
    subject: '[Invoice $number|Invoice for $home|Staging of $home]',
    turns: [
      'Please find [invoice $number|our invoice] for $home, $fee, [thirty days net|due on $day]. [The furniture stays six weeks.|We found two small things and fixed them.]\n@pdf invoice-$number.pdf',
      '[Paid today, thank you.|In the run on $day.] [The pictures look great.|Could you keep it two weeks longer?]',
      '[Two weeks are on us.|Thank you.]',
    ],
  },
  {
    fits: ['buyer', 'seller', 'anyone'],
    weight: 6,
    opens: 'them',
    subject: '[Thank you|Keys and a thank you|Settled in]',
    turns: [
      '[We are in|Last box emptied], and we wanted to say thank you. [#h:The neighbours brought bread.|The heating makes a noise, is that normal?] [#s:My sister looks for something in $area, may I send her to you?|If you need a reference, call us.]',
      '[That made my day.|How good to hear.] [#h:Good people there.|Heating: air in the pipes, five minutes with a key.] [#s:Please send her, I take good care.|I may come back to the reference.] [Enjoy it.|Come by for coffee.]',
    ],
  },
  {
    fits: ['seller', 'professional'],
    weight: 5,
    opens: 'us',
    subject: '[Inspection of $home|Repairs at $home|Inspection report, $home]',
    turns: [
      'The inspection report for $home is in: [water heater past its time, one cracked window|roof good, wiring in the garage not]. [Buyers ask for $fee off or the repairs.|Nothing that scares me.] Report attached.\n@pdf inspection-report.pdf',
      '[#r:We would rather repair. Can your man come on $day?|Give them half.]',
      '[#r:He can, $day at $hour.|Half is offered, let us see.]',
      '[Good.|Thank you, keep me posted.]',
    ],
  },
]

import type { Topic } from './topic.ts'

/** What a sales team writes and gets. */
export const SALES_TALK: readonly Topic[] = [
  {
    fits: ['prospect'],
    weight: 11,
    opens: 'us',
    subject: '[Proposal for $company|Our proposal: $deal|$company – proposal and next steps]',
    turns: [
      'As discussed, the proposal: $n seats, [onboarding in three weeks|two sites first, the rest in spring], $amount a year. [The price holds until $day.|It includes training for the shift leads.]\n\n[Could you tell me who else needs to see it?|Shall we walk through it on $day at $hour?]\n@pdf proposal-$slug.pdf',
      '[Thanks, arrived.|Got it.] [$third reads it this week.|It goes to our finance people next.] [First reaction: clear, but the onboarding fee surprised us.|Can you split hardware and licence?]',
      '[Split attached.|The fee is one-off and covers two days on site.] [If you sign this month I can halve it.|For two sites we could start without it.] [$day still good for the walk-through?|Shall I send a version for signature?]\n@pdf proposal-$slug-v2.pdf',
      '[Please send the version for signature.|$day is fine, I bring $third.]',
      '[Sent through the signing tool.|Invitation is out.] [Looking forward.|Thank you.]',
    ],
  },
  {
    fits: ['prospect'],
    weight: 9,
    opens: 'them',
    subject: '[Pricing|Question about your quote|Re-think on price|Budget for $deal]',
    turns: [
      '[I went through the quote with $third.|Finance came back to me.] [At $amount you are the most expensive of the three.|It is above what we planned for the year.] [The competitor leaves out the setup fee.|Our budget ends at $small.] [Is there room?|What can you do?]',
      '[I understand.|Thanks for being open.] [Before we talk discount: what would you leave out?|Two ways to get there: fewer seats at first, or two years instead of one.] [With $n seats we land near your figure.|Two years saves $pct%.]',
      '[Fewer seats could work.|Two years is hard to sell here.] [Send me that version.|Could you put it in writing?] [I need it by $day.|The board meets on $day.]',
      '[Attached: $n seats, same service.|Done, see the second page.] [This is where I can hold it until $day.|I took it to the limit.]\n@pdf quote-$slug.pdf',
      '[Better. I take it up.|Closer. Let me fight for it.]',
    ],
  },
  {
    fits: ['prospect'],
    weight: 8,
    opens: 'them',
    subject: '[Security questionnaire|SSO and roles|Questions from IT|Vendor assessment $company]',
    turns: [
      '[Our security people ask|IT wants to know]: [#s:do you support SSO with our directory|where is the data kept|who can see our records on your side], [#u:how fast do you patch|is there an audit log we can export|how do we remove leavers]? [The full list is attached.|$n questions in the sheet, sorry.]\n@csv questionnaire.csv',
      '[Short answers now:|Filled in and attached.] [#s:SSO by SAML and OIDC, provisioning included in the larger plan.|Data stays in the region you choose.|Three people on our side, each access is logged.] [#u:Patches within seven days, critical ones within one.|The audit log exports as CSV.|Leavers are out within ten minutes.]\n@csv questionnaire-answered.csv',
      '[Most is green.|Thanks, thorough.] [#o:Open: the penetration test is from last year.|Open: two roles see more than they should.] [#o:Is there a newer one?|Can this be changed?]',
      '[#o:New test in January, letter from the testers attached.|Yes, with custom roles; the letter says how.] [Enough for a yes?|Does that close it?]\n@pdf letter.pdf',
      '[It does.|With that letter, yes.] [Back to procurement then.|I tell $third.]',
    ],
  },
  {
    fits: ['prospect'],
    weight: 8,
    opens: 'us',
    subject: '[Demo for $company|A look at $deal|Twenty minutes on $day?|Following up from the fair]',
    turns: [
      '[We met at the fair|$colleague spoke to you] and you said [leavers and joiners take half your Monday|the night shift still uses paper|nobody trusts the stock figures]. [May I show you how $peer does it|Could I show it with your own data]? [Twenty minutes, $day at $hour.|$day at $hour or the day after.]',
      '[$day at $hour is fine.|Make it an hour later.] [$third joins.|Please include the mobile part.] We use [a spreadsheet and good will|an old tool from the nineties] today.',
      '[Invitation sent.|Good.] [Send me ten lines of your spreadsheet and I load them.|I keep it to twenty minutes.]',
      '[Ten lines attached, names removed.|Will do, see you.]\n@csv sample.csv',
    ],
  },
  {
    fits: ['customer'],
    weight: 11,
    opens: 'them',
    subject: '[#i:Import stopped at row $n|Two users cannot log in|Weekly report is empty|Slow since $day]',
    turns: [
      '[Since this morning|Since $day] [#i:the import stops at row $n|two of us cannot log in|the weekly report comes out empty|the scanner page is slow]. [Nothing changed on our side.|We changed the network last week, could that be it?] [It blocks the early shift.|Not urgent, but it annoys people.]',
      '[Sorry about that.|Thank you for the details.] [#i:Row $n has a date that our import does not like.|I see the accounts, they were switched off by the sync.|The report looked at an empty week.|One query had become slow.] [Fixed for now; a proper fix comes on $day.|Could you try again?]',
      '[#i:Works again, thank you.|One is in, the other still gets an error, screen shot attached.\n@pdf screen.pdf|It is there again.|Fast again.] [Quick as always.|]',
      '[#i:Glad to hear.|The other one needs a new password, link is out.|Good.|Good.] [Call me if it comes back.|I keep the ticket open until $day.]',
    ],
  },
  {
    fits: ['customer'],
    weight: 8,
    opens: 'us',
    subject: '[Renewal $company|Your renewal in $month|One year of $deal]',
    turns: [
      'Your [first|second] year ends in $months weeks. [Usage is up $pct%, two sites more than we planned.|$n people use it every day now.] I suggest [the same plan with $n more seats|a move to the larger plan], $amount for the year.\n@pdf renewal-$slug.pdf',
      '[We are happy, but|In general yes;] [#n:the second site hardly uses it|finance asks for net 60|the price went up faster than our volume]. [Can we talk on $day?|What is possible?]',
      '[#n:Then let us train the second site first, free of charge.|Net 45 I can do today.|I can hold the price of this year.] [$day at $hour?|I send a new version.]',
      '[Fair.|That is a good offer.] [$day at $hour.|Send it over.]',
      '[Done, in your inbox.|Thank you for another year.]',
    ],
  },
  {
    fits: ['customer'],
    weight: 7,
    opens: 'us',
    subject: '[Invoice $number|Invoice $number for $month|Payment reminder $number]',
    turns: [
      '[Attached invoice $number over $small.|Invoice $number was due on $day.] [Payable within thirty days.|It may have been lost in the holidays.]\n@pdf invoice-$number.pdf',
      '[#v:Our purchase order number is missing, could you add $n-$number?|Approved, goes out with the run on $day.]',
      '[#v:New copy with the number attached.\n@pdf invoice-$number-b.pdf|Thank you.]',
    ],
  },
  {
    fits: ['customer'],
    weight: 5,
    opens: 'us',
    subject: '[Would you speak to $peer?|Reference call|A small favour]',
    turns: [
      '[$peer looks at us and asked for a customer in $industry.|A prospect would like to hear from somebody honest.] [Would you give them fifteen minutes?|May I pass on your name?]',
      '[Sure.|If it is this week.] [I will tell them about the import too.|$day after $hour is best.] [You owe me a coffee.|No marketing, please.]',
      '[More than fair.|Two coffees.] [They call on $day.|I tell them.]',
    ],
  },
  {
    fits: ['prospect', 'customer'],
    weight: 7,
    opens: 'them',
    subject: '[Contract comments|Redlines|Legal review of $deal|Data processing agreement]',
    turns: [
      '[Legal came back.|Comments from our counsel attached.] [#l:Liability at twice the fee, and governing law here.|They want thirty days to terminate and a list of subprocessors.] [Rest is fine.|Small things otherwise.]\n@pdf comments.pdf',
      '[#l:Liability at twice the fee is OK. The law we would like to keep.|List attached, thirty days is OK after the first year.]\n@pdf agreement-v2.pdf',
      '[#l:Law: neutral ground, say Delaware?|Agreed.] [Then we sign on $day.|$third signs for us.]',
      '[#l:Delaware it is.|Perfect.] [Signing link on its way.|Thank you, legal.]',
    ],
  },
  {
    fits: ['customer', 'prospect'],
    weight: 6,
    opens: 'us',
    subject: '[Pilot: where we stand|Week $few of the pilot|Results at $company]',
    turns: [
      '[Numbers from the pilot|After three weeks]: [picking errors down $pct%|$n tickets fewer than the month before|half an hour saved per shift]. [One team does not use it yet.|The night shift likes it most.] [What would you need to see to go on?|Shall we plan the rollout?]',
      '[Impressive.|Better than I feared.] [#w:Before I decide: what happens with the old data?|My boss asks what it costs for all sites.|I want the one team on it first.]',
      '[#w:We import it, two days of work, in the price.|For all sites $amount a year.|I come by on $day to sit with that team.] [The plan is attached.|Plan attached, two pages.]\n@pdf plan.pdf',
    ],
  },
  {
    fits: ['partner'],
    weight: 6,
    opens: 'them',
    subject: '[Customer for you|Joint offer for $peer|Referral]',
    turns: [
      '[We work for $peer|A client, $peer,] and [their floor runs on paper|they outgrew their tool]. [Shall we offer together?|Take it or shall I send them elsewhere?] [Our usual share.|Fee as agreed.]',
      '[Together, gladly.|Ours, please.] [Can you set up a call on $day?|Who decides there?] [I send you a slide.|$colleague would take it.]',
      '[Call is on $day at $hour.|The operations head decides, I cc you.]',
    ],
  },
  {
    fits: ['prospect', 'anyone'],
    weight: 6,
    opens: 'us',
    subject: '[Checking in|Any news?|Still on for the new quarter?|Closing the loop]',
    turns: [
      '[You wanted to come back to me after the stock-take.|It has gone quiet on your side.] [Is this still on your list|Has anything changed]? [If not, tell me, I can take a no.|$peer went live last week, by the way.]',
      '[Sorry, reorganisation.|Still on the list.] [New budget in January.|My boss left, I start over with the next one.] [Write to me in $few weeks.|Do not give up on us.]',
      '[Noted, I come back then.|All the best with it.]',
    ],
  },
]

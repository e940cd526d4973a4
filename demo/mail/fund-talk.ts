import type { Topic } from './topic.ts'

const METRIC = '[revenue|net retention|pipeline|churn|gross margin|usage]'

/** What a fund writes and gets. */
export const FUND_TALK: readonly Topic[] = [
  {
    fits: ['founder'],
    weight: 12,
    opens: 'them',
    subject: '[$company: raising $round|Raising our $round ($industry)|$company x Larkspur|Intro: $company]',
    turns: [
      '[We are building|I run] $company, [in short|in one line]: [$industry that pays for itself in $months months|software that does for $industry what spreadsheets never did|a new way to do $industry without the usual consultants].\n\n[We have $n paying customers and grew $pct% last month.|$n pilots are live, $few of them paid.|Revenue is at $small a month, growing $pct% month over month.] We are raising $amount [and have half of it soft-circled|and would like a lead who knows the field]. [Would you have half an hour|Could we talk] [on $day|this week or next]?',
      '[Thanks for thinking of us.|This is close to what we look at.|I read about you in the spring.] [Could you send the deck and the numbers by month?|Please send the deck and a line on how the team met.] I have time on $day at $hour, [video is fine|our office or video].\n\n[One question ahead of time:|What I would like to understand first:] [#q:who pays today, and out of which budget|why now, and why has nobody done it|what breaks when you are ten times larger]?',
      'Deck attached. [#q:The buyer is the head of operations, the budget is the one for overtime.|Now, because the hardware got cheap enough last year.|At ten times the size we would need a second data centre and four more support people.] $day at $hour [works|is good], I will send an invitation.\n@pdf $slug-deck.pdf',
      'Got it, [read it on the train|thank you]. See you $day. I will bring $colleague, who [knows the field better than I do|looks after our $industry work].',
    ],
  },
  {
    fits: ['founder', 'staff'],
    weight: 9,
    opens: 'us',
    subject: '[Runway and burn|Numbers for our memo|$company: questions on the model|Cash plan]',
    turns: [
      'For the memo I need [three|a few] numbers: net burn for the last [quarter|six months], runway [after the round|as you stand], and [what you would cut first|the hiring plan by month]. [A spreadsheet is fine.|Rough is fine.]',
      'Net burn was $small a month [over the quarter|on average], [a bit above plan because of two early hires|below plan, since the $city hire starts later]. That leaves $months months [as we stand|before the round]. [We would cut events first, then the second office.|The model is attached.]\n@csv $slug-burn.csv',
      '[Clear, thank you.|That helps.] Two follow-ups: is the $small with or without the grant, and [#f:what do $n more customers do to it|who signs off hiring]?',
      'Without. [#f:Each new customer adds about two days of support a month, so not much.|Hiring goes through me and one board member.] [I will send October as soon as the books are closed.|More detail on $day if you like.]',
      'Perfect. That is all for the memo; [I share the draft with $colleague|the partners read it on $day].',
    ],
  },
  {
    fits: ['founder'],
    weight: 6,
    opens: 'us',
    subject: '[Term sheet $company|$company: draft terms|Draft term sheet, $deal]',
    turns: [
      'As promised, the draft: $amount, [one board seat|a board observer], [standard pro rata|pro rata for the next two rounds], option pool at $pct% [after|before] the money. [Valid until $day.|We would like to hear from you by $day.]\n@pdf $slug-term-sheet.pdf',
      'Thank you, [a good day here|the team cheered]. [Two points before I send it to counsel:|Mostly fine.] the pool [feels large at this stage|should come out of the post-money], and [#t:we would rather not have the veto on hires|the information rights should be quarterly].',
      'Fair. [#t:Pool at two points less, and the veto goes.|Pool at two points less, and quarterly is fine.] [New draft attached|I have changed both], the rest stays.\n@pdf $slug-term-sheet-v2.pdf',
      'Then we are there. Counsel gets it today; [expect one round of small things|they promised comments by $day].',
    ],
  },
  {
    fits: ['founder', 'staff'],
    weight: 9,
    opens: 'us',
    subject: '[Data room|$company: diligence list|Diligence, next steps|Documents for $deal]',
    turns: [
      '[Thanks for the call.|Good session today.] Our list for the data room: [cap table, customer contracts, the last two board packs|patents, employment contracts, bank statements for six months]. [$colleague has access too.|Please add $colleague.]\n\nAnd could we speak to [two customers|$few customers, one of them unhappy|$peer], [before $day|this month|when it suits them]?',
      '[Most of it is uploaded.|The room is open.] Missing is [one contract under renewal|the older bank statements]; [by $day|this week]. For customers I suggest [the operations lead at $peer|$peer and one more], [they said yes|they expect your call].',
      '[Spoke to $peer: very good.|The call with $peer was useful.] [They would not go back to the old way.|They like you and dislike the invoices.] One open point from legal: [#l:the IP assignment of the first contractor|whether the university keeps a licence].',
      '[#l:Signed assignment attached.|The university has a research licence only, letter attached.] Anything else?\n@pdf $slug-assignment.pdf',
      'That closes it from our side. [Committee meets on $day.|I will write it up now.]',
    ],
  },
  {
    fits: ['founder'],
    weight: 8,
    opens: 'them',
    subject: '[$month update, $company|$company monthly update|Investor update: $month]',
    turns: [
      `[Highlights|The month in short]: ${METRIC} up $pct%, $n new customers, [one churned|nobody left]. [Lowlight: the release slipped by three weeks.|We lost a candidate to a bigger name.] Cash: $months months.\n\n[#a:Ask: an introduction to somebody at $peer.|Where you can help: a head of sales in $city.|No asks this month.]\n@pdf $slug-update.pdf`,
      '[Strong month.|Thanks for writing down the low points too.] [#a:On the introduction: I know one person there, give me a few days.|$colleague may know a candidate.|No asks: good sign or bad?] What is behind the [#g:growth|slip]?',
      '[#g:Two reference customers did the selling for us.|We found a fault late and chose to fix it properly.] Thanks for [#a:the introduction|looking|asking, a good sign].',
    ],
  },
  {
    fits: ['founder', 'staff', 'advisor'],
    weight: 5,
    opens: 'us',
    subject: '[Introduction to $peer|You and $third should meet|Intro request]',
    turns: [
      'Would you [be open to|like] an introduction to $peer? [They look for exactly what you do.|Their new head of $industry asked who is good.] If yes I [connect you|write to them] [today|on $day].',
      '[Yes please.|Very much so.] Here is a line you can forward: we help teams like theirs [save a day a week|see problems before they cost money], and $n of them pay us for it.',
      '[Sent, you are in copy of the next mail.|Done. They answer fast.]',
    ],
  },
  {
    fits: ['founder'],
    weight: 5,
    opens: 'us',
    subject: '[$company and Larkspur|After our partner meeting|Our answer]',
    turns: [
      'We talked about $company [at length|twice] and will pass [this time|at this stage]. The reason: [#r:we could not get comfortable with the length of the sales cycle|too close to one of our companies|the market is smaller than what we need]. [It is not the team.|The team made a strong impression.]\n\n[Please keep us on the list for updates.|I would like to see you again at the next round.]',
      '[Thanks for a clear answer.|Appreciated, most never say why.] [#r:We will prove you wrong on the cycle.|Understood.|We think it is larger, we will show you.] You stay on the update list.',
    ],
  },
  {
    fits: ['backer'],
    weight: 10,
    opens: 'us',
    subject:
      '[Quarterly letter|Report for the quarter|Larkspur: letter to investors|Capital account statement]',
    turns: [
      'Attached our letter for the quarter. [Two new investments, one write-down, and a first exit offer that we declined.|Net value is up $pct%, mostly thanks to $peer.] [The annual meeting is on the third of February.|Wire instructions have not changed; we never send new ones by mail.]\n@pdf larkspur-letter.pdf',
      '[Thank you.|Received.] [#v:Could you split the value by vintage for our files?|How do you hold $peer in the books?] Our committee meets on $day.',
      '[#v:Split attached.|At cost plus the last round, less ten percent for terms.] [Call me before the committee if you like.|Happy to join for ten minutes.]\n@csv larkspur-split.csv',
      '[All good, thanks.|That is what we needed.]',
    ],
  },
  {
    fits: ['backer', 'advisor'],
    weight: 7,
    opens: 'them',
    subject: '[A company for you?|Have you seen $peer?|Co-investing in $peer|Room in the $industry round]',
    turns: [
      '[We led the $round at $peer|We look at $peer] and there is room for $small. [Thought of you because of your $industry work.|Their first customers are known to you.] [Shall I connect you?|Interested?]',
      '[Interested, yes.|Maybe.] [#w:What did you see that others did not|Who else is in], and [#x:by when do they decide|what is the price]? [We do not go below $small.|$colleague would take the call.]',
      '[#w:The founder sold the last one to a competitor of ours.|Two angels and us.] [#x:Decision by $day.|Same price as the last round, plus a fifth.] [I have told them you may write.|Deck attached.]\n@pdf deck.pdf',
      'Thanks, we [write to them today|will be quick].',
    ],
  },
  {
    fits: ['advisor'],
    weight: 6,
    opens: 'them',
    subject: '[Comments on the docs|$peer: closing documents|Redline|Side letter]',
    turns: [
      '[Comments|Redline] attached. [#d:Only the warranties need a decision from you.|Two points: the drag along, and the notice address.] [We can close on $day.|Signatures by $day, please.]\n@pdf redline.pdf',
      '[#d:Warranties: cap at the amount invested, as last time.|Drag along as in the last deal, notice address as you say.] [Go ahead.|Please circulate.]',
      'Circulated. [Invoice follows.|Closing set at noon on $day.]',
    ],
  },
  {
    fits: ['founder', 'staff', 'anyone'],
    weight: 7,
    opens: 'us',
    subject: '[Coffee on $day?|Catching up|In $city next week|Finding a time]',
    turns: [
      '[I am in $city on $day.|It has been a while.] [Coffee at $hour|Half an hour at $hour]? [I would like to hear how the move to $industry goes.|No agenda, just curious.]',
      '[With pleasure.|Gladly.] $day at $hour [is taken, how about an hour later|works]. [The place at the corner of our street is quiet.|Come by the office, second floor.]',
      '[Booked.|See you there.]',
    ],
  },
  {
    fits: ['founder', 'staff', 'advisor'],
    weight: 5,
    opens: 'us',
    subject: '[Candidate for you|Head of sales, $city|Hiring]',
    turns: [
      'You asked about [a head of sales|an engineer who knows $industry|a finance lead]. [I met one last week in $city|One of our alumni is looking]: [calm, numbers first, sold $small a year alone|$n months at a competitor, wants something smaller|built a team of $n in $city|strong in $industry, weak in slides]. [May I pass on your address?|Shall I connect you?]',
      '[Please do.|Yes, and soon.] We [lost two finalists|have been looking since spring]. [Salary band is up to $small a quarter all in.|Stock matters more than cash for us.]',
      '[Connected.|They will write on $day.]',
    ],
  },
]

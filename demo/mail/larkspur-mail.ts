import type { Builder } from '../build.ts'
import { personParty } from './letter.ts'
import type { PostOffice, ThreadOrder } from './post-office.ts'

/** Threads that the questions about the fund have in mind. */
export const larkspurMail = (builder: Builder, office: PostOffice): void => {
  const { member, personNamed, world } = builder
  const [maya, tom, priya] = [member('Lindqvist'), member('Okafor'), member('Raman')]
  const [dana, omar, sofia, lucas] = [
    personNamed('Whitfield'),
    personNamed('Haddad'),
    personNamed('Brandt'),
    personNamed('Meyer'),
  ]
  const [samira, sam, thorne] = [personNamed('Khan'), personNamed('Ellery'), personNamed('Thorne')]
  const dealOf = (company: string) => world.deals.findLast((deal) => deal.company?.name === company)!
  const party = (who: typeof dana) => personParty(who)
  const orders: readonly ThreadOrder[] = [
    {
      member: maya,
      person: lucas,
      opens: 'us',
      subject: 'Helio Grid: numbers for the committee',
      startDay: -13,
      gaps: [1, 0, 1],
      deal: dealOf('Helio Grid'),
      turns: [
        'The committee meets on the fourth. Could you send me net burn by month since June, and the plan for the two hires?',
        'Our burn rate was 182,000 a month in the summer and is down to 148,000 since September, because the second dispatch team starts only in January. That gives us eleven months of runway without the round.\n\nThe file has every month. The two hires are an energy trader and a second field engineer.\n@csv helio-burn-rate.csv',
        'Very clear. Is the grid operator’s deposit in the 148,000, or on top?',
        'On top, but it comes back after a year. I have marked it in yellow in the new file. Anything else before the fourth?\n@csv helio-burn-rate-v2.csv',
      ],
    },
    {
      member: maya,
      person: lucas,
      opens: 'them',
      subject: 'Second building in Neukölln is live',
      startDay: -27,
      gaps: [1],
      deal: dealOf('Helio Grid'),
      turns: [
        'Quick good news: the second apartment block in Neukölln went live this morning, 64 flats, no outage. The tenants see their first bill in December.\n\nIf you are in Berlin in November, come and see the cellar.',
        'Great, congratulations. I am in Berlin in the first week of December; would the third work?',
      ],
    },
    {
      member: maya,
      person: dana,
      opens: 'them',
      subject: 'Pilot data, as promised',
      startDay: -9,
      gaps: [1, 1],
      deal: dealOf('Nimbus Robotics'),
      turns: [
        'Attached the pilot data from both sites: 212 picks an hour on mixed boxes, 1.4% need a hand. The bad week in October was our camera, not the gripper.\n@csv nimbus-pilot.csv',
        'Thanks, this is what I hoped for. What did the camera cost you in hours, and is the fix in the field?',
        'Nine hours of downtime over four days. The fix is on both sites since the second. Shall I bring the site lead to the partner meeting on Tuesday?',
      ],
    },
    {
      member: maya,
      person: dana,
      opens: 'us',
      subject: 'Partner meeting on Tuesday',
      startDay: -3,
      gaps: [1],
      turns: [
        'Tuesday at two, all three of us. Twenty minutes of you, forty of questions. Priya will ask about margins per arm.',
        'Understood. One question back: is it fine if our CFO joins by video? And could you tell me who else decides?',
      ],
    },
    {
      member: tom,
      person: omar,
      opens: 'us',
      subject: 'Enzyme stability at sea temperature',
      startDay: -34,
      gaps: [1, 1, 1],
      deal: dealOf('Tidewater Bio'),
      cc: [party(thorne)],
      turns: [
        'You mentioned that activity drops below eight degrees. How far, and is it the enzyme or the carrier?',
        'At six degrees we keep 71% of the activity, at four 55%. It is the carrier: the gel stiffens. The new formulation holds 83% at six; the runs are attached.\n@csv stability-runs.csv',
        'Impressive. Who has repeated this outside your lab?',
        'A university group, two weeks ago, same numbers within three points. I can put you in touch.',
      ],
    },
    {
      member: tom,
      person: omar,
      opens: 'them',
      subject: 'Lab visit',
      startDay: -5,
      gaps: [1, 1],
      deal: dealOf('Tidewater Bio'),
      turns: [
        'Would the first of December suit you for the lab visit? Ingeborg and I are both there, and the tank will be running.',
        'The first works. I bring Priya. Anything we should read?',
        'Only the two pages attached. Bring shoes that may get wet; and Ingeborg asks whether you can stay for dinner.\n@pdf tidewater-brief.pdf',
      ],
    },
    {
      member: tom,
      person: thorne,
      opens: 'them',
      subject: 'Lead investor',
      startDay: -40,
      gaps: [1, 1],
      turns: [
        'We have a lead for the seed, terms in two weeks. Before we sign I would like your view on their reserve policy.',
        'They reserve well, and they do follow. Ask them about the board seat after the next round.',
        'Good hint, they had a clause there. Gone now.',
      ],
    },
    {
      member: priya,
      person: samira,
      opens: 'us',
      subject: 'Somebody in treasury software',
      startDay: -71,
      gaps: [1, 1],
      turns: [
        'Do you know anybody at Quanta Ledger? We like what they do and would rather come recommended.',
        'I do: Sofia Brandt, their CFO, used to work for me. I see her on Thursday and can bring her to breakfast with you.',
        'Perfect, Thursday at eight near your office.',
      ],
    },
    {
      member: priya,
      person: samira,
      opens: 'them',
      subject: 'Sofia <> Priya',
      startDay: -63,
      cc: [party(sofia)],
      gaps: [0],
      turns: [
        'You two met over eggs, now in writing. Sofia runs finance at Quanta Ledger; Priya looks after fintech at Larkspur. I leave you to it.',
        'Thank you! Sofia, I would love to see how the audit trail looks for a treasurer. Next week?',
      ],
    },
    {
      member: priya,
      person: sofia,
      opens: 'them',
      subject: 'Cohort data',
      startDay: -12,
      gaps: [1],
      deal: dealOf('Quanta Ledger'),
      turns: [
        'Here is the cohort view you asked for, by quarter of signing. Nobody from the first two cohorts has left; the third lost one to an acquisition.\n@csv quanta-cohorts.csv',
        'Thank you, very tidy. How do you count the customer that was bought?',
      ],
    },
    {
      member: tom,
      person: sam,
      opens: 'them',
      subject: 'Two from the demo day',
      startDay: -16,
      gaps: [1],
      turns: [
        'Two teams worth an hour: one measures water in bakeries, the other sells spare parts for lifts. Notes attached; the lift people are better than their slides.\n@pdf demo-day-notes.pdf',
        'Lifts, please. Can you set it up for next week?',
      ],
    },
    {
      member: maya,
      person: samira,
      opens: 'them',
      subject: 'Board seat at a treasury firm',
      startDay: -8,
      turns: [
        'I was asked to join a board in our field and would like your honest view before I answer. Do you have ten minutes this week?',
      ],
    },
  ]
  for (const order of orders) office.thread(order)
  // Threads that wait for Maya, from people of the wider circle.
  const { random, clock } = world
  const waiting = world.people.filter(
    (person) =>
      person.owner === maya &&
      person.role === 'founder' &&
      person.emails.length > 0 &&
      (person.company?.quietAfterDay ?? -99) >= -6 &&
      clock.dayOf(person.createdMs) < -20,
  )
  for (const person of random.sample(waiting, 5)) {
    office.thread({
      member: maya,
      person,
      opens: 'us',
      subject: '[Your plan for spring|Next step|The reference list]',
      startDay: -random.int(8, 14),
      gaps: [random.int(1, 2)],
      turns: [
        '[Could you send|May I have] [three references|the plan by quarter|a list of open contracts] [before we talk again|this week]?',
        '[Attached.|Here it is.] [Two of them know you.|The third row is a guess.] One question from our side: [how does your committee look at debt|would you lead or follow|when do you decide]?\n@pdf plan.pdf',
      ],
    })
  }
}

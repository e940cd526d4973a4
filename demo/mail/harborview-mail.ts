import type { Builder } from '../build.ts'
import { personParty } from './letter.ts'
import type { PostOffice, ThreadOrder } from './post-office.ts'

/** Threads that the questions about the brokerage have in mind. */
export const harborviewMail = (builder: Builder, office: PostOffice): void => {
  const { member, personNamed, world, random } = builder
  const [nina, luis, tess] = [member('Park'), member('Ortega'), member('Boyle')]
  const [carla, rob, ellen, yusuf] = [
    personNamed('Jensen'),
    personNamed('Whitmore', 'Rob'),
    personNamed('Whitmore', 'Ellen'),
    personNamed('Demir'),
  ]
  const [peter, olga] = [personNamed('Vance'), personNamed('Ivanova')]
  const listing = (name: string) => world.deals.find((deal) => deal.name === name)!
  const inspector = world.people.find(
    (person) => person.company?.industry === 'Inspection' && person.emails.length > 0,
  )!
  const orders: readonly ThreadOrder[] = [
    {
      member: luis,
      person: inspector,
      opens: 'them',
      subject: 'Inspection report: 9 Quarry Lane',
      startDay: -9,
      gaps: [1, 1],
      lastDay: 0,
      deal: listing('9 Quarry Lane'),
      cc: [personParty(ellen)],
      turns: [
        'Attached the inspection report for 9 Quarry Lane. In short: roof and foundation are sound; the water heater is at the end of its life, two outlets in the garage have no ground, and the downpipe at the back has come loose. Photos on pages six to nine.\n@pdf inspection-report-9-quarry-lane.pdf',
        'Thank you, clear as always. What would the heater and the outlets cost, roughly?',
        'Heater 1,900 with fitting, outlets 250. The downpipe is an hour with a ladder.',
      ],
    },
    {
      member: luis,
      person: ellen,
      opens: 'us',
      subject: '9 Quarry Lane: what the buyers ask for',
      startDay: -7,
      gaps: [1, 1],
      deal: listing('9 Quarry Lane'),
      cc: [personParty(rob)],
      turns: [
        'The buyers read the inspection report and ask for 4,000 off, or the heater and the outlets repaired. I would offer 2,000 and fix the downpipe.',
        'Rob would rather repair than pay. Can your man do the heater before the first of December?',
        'He can, on the twenty-seventh. I tell the buyers.',
      ],
    },
    {
      member: luis,
      person: rob,
      opens: 'them',
      subject: 'Keys and the shed',
      startDay: -3,
      deal: listing('9 Quarry Lane'),
      turns: [
        'Who gets the second set of keys, and does the shed stay? Ellen thinks it is in the contract, I think it is not.',
      ],
    },
    {
      member: luis,
      person: olga,
      opens: 'us',
      subject: '9 Quarry Lane: contract',
      startDay: -15,
      gaps: [1, 1, 1],
      deal: listing('9 Quarry Lane'),
      cc: [personParty(rob), personParty(ellen)],
      turns: [
        'Rob and Ellen accepted the offer. Contract attached, closing on the fifteenth of December; both in copy.\n@pdf contract-9-quarry-lane.pdf',
        'Received. The easement for the path has to be named in section four. Otherwise fine.',
        'Added, new version attached.\n@pdf contract-9-quarry-lane-v2.pdf',
        'Good. I hold the deposit from tomorrow.',
      ],
    },
    {
      member: tess,
      person: carla,
      opens: 'us',
      subject: '14 Elm Street: appraisal on Thursday',
      startDay: -10,
      gaps: [1, 1, 1],
      deal: listing('14 Elm Street'),
      cc: [personParty(olga)],
      turns: [
        'The appraiser comes on Thursday at ten. You do not have to be there; I will.',
        'I would like to see the cellar once more, so I come along. Is Olga holding the deposit already?',
        'Come by, gladly. Yes, since Monday.',
        'Thank you. One worry: my lock with Northgate ends on the ninth. Is that enough?',
      ],
    },
    {
      member: tess,
      person: peter,
      opens: 'them',
      subject: 'Rate lock, 14 Elm Street',
      startDay: -6,
      gaps: [1, 1],
      deal: listing('14 Elm Street'),
      turns: [
        'The lock for your client ends on the ninth of December. If the appraisal is in by Monday we close in time; if not, an extension costs an eighth.',
        'Appraisal was yesterday, report due Monday. I chase them.',
        'Perfect. Send it to me directly and I put it on top of the pile.',
      ],
    },
    {
      member: luis,
      person: yusuf,
      opens: 'us',
      subject: 'Unit 5B Mason Lofts, and one more',
      startDay: -11,
      gaps: [1, 1, 1],
      deal: listing('Demir home search'),
      turns: [
        'Two for you on Tuesday: Unit 5B at Mason Lofts, two bedrooms and a study, and a house in the same street that is not listed yet.',
        'We need three real bedrooms, but the light in 5B looks wonderful. Tuesday after four?',
        'Tuesday at half past four, at the door of 5B.',
        'See you there. My wife asks whether pets are allowed in the lofts.',
      ],
    },
    {
      member: nina,
      person: peter,
      opens: 'us',
      subject: 'Northgate: terms for December',
      startDay: -26,
      gaps: [2, 1],
      turns: [
        'What are your terms for December, and do you still do the bridge loan?',
        'Attached. The bridge loan stays until the end of the year, up to 300,000.\n@pdf northgate-terms.pdf',
        'Thank you, I pass it on to the team.',
      ],
    },
    {
      member: nina,
      person: olga,
      opens: 'them',
      subject: 'Year-end closings',
      startDay: -19,
      gaps: [1],
      turns: [
        'My calendar fills up: if you have closings between the fifteenth and the twentieth of December, tell me now.',
        'Two for sure, 14 Elm Street and 9 Quarry Lane; a third is possible.',
      ],
    },
  ]
  for (const order of orders) office.thread(order)

  // Clients who have been through a closing with Olga.
  const clients = world.people.filter(
    (person) =>
      person.tags.includes('client') &&
      person.company === undefined &&
      person.emails.length > 0 &&
      world.clock.dayOf(person.createdMs) < -160 &&
      person.quietAfterDay >= -100,
  )
  for (const person of random.sample(clients, 4)) {
    office.thread({
      member: person.owner,
      person: olga,
      opens: 'us',
      subject: '[Closing papers|A question before closing|Deed and keys]',
      startDay: -random.int(101, 150),
      gaps: [1, 1],
      cc: [personParty(person)],
      turns: [
        `[Could you explain|Would you answer] ${person.given}’s question on [the deed|the easement|the escrow account]? In copy.`,
        '[Gladly.|Of course.] [The deed is recorded the day after closing.|The easement only concerns the path.|The account is ours, the bank confirms.]',
        '[Thank you, all clear.|Perfect.]',
      ],
    })
  }
  // Inquiries about 220 Harbor Road: some still wait.
  const asking = world.people.filter(
    (person) =>
      person.role === 'buyer' &&
      person.emails.length > 0 &&
      person.quietAfterDay === 0 &&
      person.family !== 'Jensen' &&
      person.family !== 'Demir' &&
      world.clock.dayOf(person.createdMs) < -30,
  )
  const questions = [
    '[Is 220 Harbor Road still available?|We drove past 220 Harbor Road on Sunday.] [Could we see it this week|When is the next open house], and [what are the taxes|is the boat slip included]?',
    '[About 220 Harbor Road:|220 Harbor Road looks like what we want.] [Is the price firm?|Are there offers?] [We could decide before Christmas.|We are pre-approved.]',
  ]
  for (const [index, person] of random.sample(asking, 6).entries()) {
    const answered = index >= 4
    office.thread({
      member: [nina, nina, tess, luis, nina, tess][index]!,
      person,
      opens: 'them',
      subject: '[220 Harbor Road|Inquiry: 220 Harbor Road|220 Harbor Road – viewing?]',
      startDay: -[1, 3, 5, 9, 14, 25][index]!,
      deal: listing('220 Harbor Road'),
      turns: [
        random.pick(questions),
        ...(answered
          ? [
              '[Yes, still available.|It is.] [Sunday at eleven there is an open house.|I can show it on $day at $hour.] Taxes are 9,400 a year, the slip comes with it.',
            ]
          : []),
      ],
    })
  }
}

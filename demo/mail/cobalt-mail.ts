import type { Builder } from '../build.ts'
import type { Person } from '../world.ts'
import type { PostOffice, ThreadOrder } from './post-office.ts'

/** Threads that the questions about the sales team have in mind. */
export const cobaltMail = (builder: Builder, office: PostOffice): void => {
  const { member, personNamed, world, random } = builder
  const [jenna, marcus, hana, victor] = [member('Cole'), member('Bell'), member('Sato'), member('Reyes')]
  const [paul, lin, amira, george] = [
    personNamed('Novak'),
    personNamed('Zhao'),
    personNamed('Saleh'),
    personNamed('Petrov'),
  ]
  const dealOf = (person: Person) => world.deals.findLast((deal) => deal.company === person.company)!
  const day = (date: string): number => world.clock.dayOfDate(date)
  const orders: readonly ThreadOrder[] = [
    {
      member: jenna,
      person: lin,
      opens: 'them',
      subject: 'SSO for the store managers',
      startDay: -22,
      gaps: [1, 1, 2],
      deal: dealOf(lin),
      turns: [
        'Before we go further I need to know how SSO works with you. We have 120 stores with shared tablets; managers must log in with their own account, clerks must not. Do you support SAML with our directory, and can we force it per store?',
        'Yes to both: SAML or OIDC, and a rule per site. Clerks can use a store code without mail. The guide is attached.\n@pdf sso-guide.pdf',
        'The guide is good. Two gaps: leavers have to lose access within the hour, and the SSO option is not in the price you quoted. Is it extra?',
        'Provisioning removes leavers within ten minutes. And SSO is included at 100 stores and more, I will put that in the proposal.',
      ],
    },
    {
      member: jenna,
      person: lin,
      opens: 'us',
      subject: 'Bluecrest Retail: proposal for 120 stores',
      startDay: -10,
      gaps: [2, 1, 1],
      deal: dealOf(lin),
      turns: [
        'Here is the proposal for all 120 stores with SSO included, rollout in four waves. It holds until the end of the month.\n@pdf proposal-bluecrest-retail.pdf',
        'Received. The waves make sense. Legal asks for the list of subprocessors, and I would like SSO tested in one store before wave one.',
        'List attached. Test store: give me a name and we set SSO up on Tuesday.\n@pdf subprocessors.pdf',
        'The store in St. Paul. If the SSO test passes on Tuesday I can sign by Friday; the only thing left then is the start date, which our board wants in January, not December. Can you live with that?',
      ],
    },
    {
      member: jenna,
      person: amira,
      opens: 'us',
      subject: 'Proposal for Cardinal Payroll',
      startDay: -21,
      gaps: [1, 1, 2, 1],
      deal: dealOf(amira),
      turns: [
        'As promised, the proposal for the year: 80 seats, onboarding in two weeks.\n@pdf proposal-cardinal-payroll.pdf',
        'I have read it, and I have to be frank: it is too expensive. We pay 38,000 today, you ask for 54,500. Our budget for this is 45,000 and it was approved in spring. What justifies a fifth more than the next offer?',
        'Fair question. The onboarding is 6,000 of it, once, and the next offer leaves it out. With 70 seats we are at 47,000.',
        'The onboarding fee is exactly what my people stumble over: nobody budgets for it, and the competitor waives it. Without a discount on the first year I cannot bring this to the board. And a price that rises 7% in year two will not pass either.',
        'Understood. Let me see what I can do about the fee and the second year.',
      ],
    },
    {
      member: jenna,
      person: amira,
      opens: 'them',
      subject: 'Revised quote?',
      startDay: -4,
      gaps: [],
      deal: dealOf(amira),
      turns: [
        'Our board meets on the first of December. If the revised quote comes with a discount on onboarding, I will put it on the agenda; at the old price I will not. Could I have it by Friday?',
      ],
    },
    {
      member: hana,
      person: george,
      opens: 'us',
      subject: 'Delphi Insurance: security questionnaire',
      startDay: day('2026-10-05'),
      gaps: [1, 1, 2, 1],
      deal: dealOf(george),
      turns: [
        'Attached our answers to your security questionnaire, 148 lines. Where we are not there yet I say so.\n@csv delphi-questionnaire.csv',
        'Refreshing. Lines 31, 77 and 102 need more: key rotation, retention of logs, and who is on call.',
        'Keys rotate every ninety days, logs stay thirteen months, on call is a pair from our own team. The policy is attached.\n@pdf policy.pdf',
        'Good. Then the test report, please, and we are through part one.',
        'Test report attached, with the two findings and what we did about them.\n@pdf test-report.pdf',
      ],
    },
    {
      member: hana,
      person: george,
      opens: 'us',
      subject: 'Pilot for the claims desk',
      startDay: day('2026-10-19'),
      gaps: [2, 1],
      deal: dealOf(george),
      turns: [
        'While the questionnaire is with your people: could we plan the pilot with twelve clerks of the claims desk for December?',
        'December is short because of the closing. Mid-January, twelve clerks, four weeks.',
        'Mid-January it is. I send a plan in November.',
      ],
    },
    {
      member: hana,
      person: george,
      opens: 'us',
      subject: 'A date for the pilot plan',
      startDay: day('2026-10-28'),
      gaps: [2],
      turns: [
        'Would the tenth of November suit you to go through the pilot plan?',
        'The tenth at eleven. Bring whoever runs the onboarding.',
      ],
    },
    {
      member: hana,
      person: george,
      opens: 'us',
      subject: 'Pilot plan attached',
      startDay: day('2026-11-11'),
      turns: [
        'Here is the plan as we discussed it yesterday, with the names filled in. Part two of the questionnaire comes next week.\n@pdf pilot-plan.pdf',
      ],
      deal: dealOf(george),
    },
    {
      member: victor,
      person: george,
      opens: 'them',
      subject: 'Nice to meet you at the fair',
      startDay: -23,
      gaps: [1],
      turns: [
        'Good to meet you at the security fair. Your colleague Hana has my list; I only wanted to send the talk we spoke about.\n@pdf talk.pdf',
        'Thank you, I passed it on to Hana. The part about leavers is what we hear everywhere.',
      ],
    },
    {
      member: marcus,
      person: paul,
      opens: 'them',
      subject: 'Yard module',
      startDay: -16,
      gaps: [1, 2, 2],
      deal: dealOf(paul),
      turns: [
        'The yard is the next thing I want off paper: 60 trailers a day, two gates, one man with a clipboard. What would the module cost us, and can it start at one gate?',
        'It can start at one gate. Proposal attached: 68,000 for the year, half of it in the first six months.\n@pdf proposal-arbor-freight-yard.pdf',
        'The price is in the range I told my boss. He asks for a phased start, gate one in January, gate two after Easter.',
        'Phased works. I come by next week to walk the yard with you.',
      ],
    },
    {
      member: marcus,
      person: paul,
      opens: 'them',
      subject: 'Depot two: labels print twice',
      startDay: -6,
      turns: [
        'Since the update on Thursday labels at depot two print twice. We throw half of them away. Could somebody look? The night shift is not amused.',
      ],
    },
    {
      member: marcus,
      person: paul,
      opens: 'us',
      subject: 'Invoice 40117',
      startDay: -38,
      gaps: [3, 1],
      turns: [
        'Attached the invoice for the fourth quarter.\n@pdf invoice-40117.pdf',
        'Approved and paid. Next year one invoice for both depots, please.',
        'Noted, one invoice from January.',
      ],
    },
  ]
  for (const order of orders) office.thread(order)
  const open = world.people.filter(
    (person) =>
      person.company?.kind === 'prospect' &&
      person.emails.length > 0 &&
      person.company.quietAfterDay >= -5 &&
      person.owner === jenna &&
      !known(person),
  )
  for (const [index, person] of random.sample(open, 4).entries()) {
    const deal = world.deals.find(({ company }) => company === person.company)!
    office.thread({
      member: jenna,
      person,
      deal,
      opens: 'us',
      subject: '[Proposal for $company|Our proposal: $deal|$company: proposal, second version]',
      startDay: -[6, 9, 12, 20][index]!,
      lastDay: 0,
      turns: [
        '[Attached the proposal|Here is the proposal] we talked about, $amount for the year, [with training|without the hardware]. [When could we go through it?|May I call you on $day?]\n@pdf proposal-$slug.pdf',
      ],
    })
  }
  const customers = world.people.filter(
    (person) =>
      person.company?.status === 'customer' &&
      person.emails.length > 0 &&
      lastDayOf(person) === 0 &&
      !known(person),
  )
  for (const [index, person] of random.sample(customers, 7).entries()) {
    office.thread({
      member: person.owner,
      person,
      opens: 'them',
      subject:
        '[A question about our plan|Two more users|Report for the auditors|Renewal terms|Scanner offline]',
      startDay: -[2, 3, 4, 5, 8, 13, 19][index]!,
      turns: [
        '[Could you tell me|Please let us know] [how we add two users|what the renewal would cost with $n seats|how the auditors get read access|why one scanner stays offline since $day]? [We need it before month’s end.|It is holding up the early shift.]',
      ],
    })
  }
}

const NAMED = ['Novak', 'Zhao', 'Saleh', 'Petrov']
const known = (person: Person): boolean => NAMED.includes(person.family)
const lastDayOf = (person: Person): number =>
  Math.min(person.quietAfterDay, person.company?.quietAfterDay ?? 0)

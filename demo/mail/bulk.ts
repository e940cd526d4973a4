import { MONTHS } from '../../domain/fiscal.ts'
import type { Builder } from '../build.ts'
import { write } from '../template.ts'
import type { Vertical } from '../world.ts'
import { memberParty, personParty, strangerParty } from './letter.ts'
import type { Letter, Party } from './letter.ts'
import type { PostOffice } from './post-office.ts'

interface Bulletin {
  readonly name: string
  readonly address: string
  readonly list: string
  readonly subject: string
  readonly text: string
}

const BULLETINS: Readonly<Record<Vertical, readonly Bulletin[]>> = {
  fund: [
    {
      name: 'Seed Weekly',
      address: 'weekly@seedweekly.example',
      list: 'weekly.seedweekly.example',
      subject: 'Seed Weekly #$n: [pricing after the hype|who still leads|rounds of the week]',
      text: 'This week: $n rounds, $pct% fewer than a year ago. [Climate leads again.|Robotics had its best week since spring.]\n\nRead on: [why pro rata matters|what founders ask in the first call|the quiet return of the angel]\n\nYou get this because you signed up at seedweekly.example. Unsubscribe at the foot of any issue.',
    },
    {
      name: 'Lab to Market',
      address: 'news@labtomarket.example',
      list: 'news.labtomarket.example',
      subject: '[Spin-outs|Grants|Patents] in $month',
      text: '$n new spin-outs in $month. [Enzymes|Batteries|Sensors] are up $pct%.\n\nOpen calls close at the end of the month.',
    },
  ],
  sales: [
    {
      name: 'Warehouse Today',
      address: 'editors@warehousetoday.example',
      list: 'daily.warehousetoday.example',
      subject: '[Scanners|Night shifts|Returns]: $n lessons',
      text: 'Returns cost $pct% of revenue. Here is how $n sites brought them down.\n\n[Also: the trade fair in review.|Also: what a minute per pick is worth.]',
    },
    {
      name: 'Billing of our host',
      address: 'no-reply@hostcloud.example',
      list: 'billing.hostcloud.example',
      subject: 'Your invoice for $month is ready',
      text: 'Your invoice for $month is ready in the console. You do not need to do anything; the card on file is charged on the fifth.',
    },
  ],
  brokerage: [
    {
      name: 'Harbor MLS',
      address: 'alerts@harbormls.example',
      list: 'alerts.harbormls.example',
      subject: '$n new listings in [your area|Mason District|Fernwood]',
      text: '$n new listings since yesterday, $few with a lower price. Days on market: $n.\n\nChange your alerts at any time in your profile.',
    },
    {
      name: 'Rates Letter',
      address: 'letter@ratesletter.example',
      list: 'letter.ratesletter.example',
      subject: 'Rates this week: [steady|a little up|a little down]',
      text: 'Thirty years fixed moved by less than a tenth. [Lenders expect a calm December.|Locks beyond sixty days cost more again.]',
    },
  ],
}

const INTERNAL: Readonly<Record<Vertical, readonly (readonly [string, string, string])[]>> = {
  fund: [
    [
      'Monday list',
      'For Monday: [two memos, one follow-on|the $peer question and the letter]. [Who takes the notes?|I am late by ten minutes.]',
      '[I do.|Fine.] [And please read the $peer memo before.|See you there.]',
    ],
    [
      '$peer',
      '[What do you think of $peer?|Did anyone speak to $peer?] [I like the team, not the price.|They come back for a second time.]',
      '[Same here.|Spoke to them in spring.] [Let us ask for cohorts.|My notes are in the file.]',
    ],
  ],
  sales: [
    [
      'Forecast',
      '[Please update your deals before noon.|Numbers for the quarter are due.] [I miss close dates for $few of them.|$peer slipped, right?]',
      '[Done.|Slipped to January.] [The rest holds.|Two may come early.]',
    ],
    [
      'Who knows $peer?',
      '[Do we know anybody at $peer?|$peer asked for a call.] [They run three sites near $city.|Somebody met them at the fair.]',
      '[I met their operations lead once.|Mine, I call them.]',
    ],
  ],
  brokerage: [
    [
      'Keys',
      '[Who has the keys for $home?|The box at $home sticks.] [I have people there at $hour.|Locksmith comes on $day.]',
      '[On the board, second hook.|Thanks for the warning.]',
    ],
    [
      'Weekend',
      '[Who covers the open house at $home?|I am away on Saturday.]',
      '[I do, if you take $day.|Enjoy it, I cover.]',
    ],
  ],
}

const slotsOf = (builder: Builder, atMs: number): Record<string, string> => {
  const { random, world } = builder
  return {
    n: String(random.int(7, 60)),
    pct: String(random.int(3, 30)),
    few: random.pick(['two', 'three', 'four']),
    month: MONTHS[new Date(atMs).getUTCMonth()]!,
    peer: random.pick(world.companies).name,
    home: random.pick(world.deals).name,
    city: random.pick(world.companies).city,
    hour: random.pick(['ten', 'two', 'four']),
    day: random.pick(['Tuesday', 'Wednesday', 'Thursday']),
  }
}

const party = (bulletin: Bulletin): Party => ({
  ...strangerParty(bulletin.name, '', bulletin.address),
  name: bulletin.name,
})

const newsletters = (builder: Builder, office: PostOffice): void => {
  const { random, world } = builder
  for (const bulletin of BULLETINS[world.vertical]) {
    for (let day = -random.int(3, 9); day > -330; day -= random.int(24, 34)) {
      const atMs = world.clock.working(random, day)
      const slots = slotsOf(builder, atMs)
      office.single({
        atMs,
        from: party(bulletin),
        to: [memberParty(random.pick(world.members), world.name)],
        subject: write(random, bulletin.subject, slots),
        text: write(random, bulletin.text, slots),
        bulkHeaders: {
          'List-Id': `${bulletin.name} <${bulletin.list}>`,
          'List-Unsubscribe': `<https://${bulletin.address.split('@')[1]}/leave>`,
          Precedence: 'bulk',
        },
      })
    }
  }
}

const AUTOMATIC = [
  'I am [out of the office|travelling|on leave] until $day and read mail [rarely|in the evening]. In urgent cases call the office.',
  'Thank you for your message. I am away until the [third|tenth|twentieth] and will answer after that.',
  '[Automatic reply:|] parental leave until spring. My colleagues take care of everything.',
]

/** Out-of-office answers to some of what we wrote. */
const automaticReplies = (builder: Builder, office: PostOffice): void => {
  const { random } = builder
  const ours = office.letters.filter(
    (letter) =>
      letter.from.isOurs &&
      !letter.to[0]!.isOurs &&
      !office.letters.some((other) => other.answers === letter && other.atMs - letter.atMs < 3_600_000),
  )
  for (const letter of random.sample(ours, 14)) {
    office.single({
      atMs: letter.atMs + random.int(4, 50) * 1000,
      from: letter.to[0]!,
      to: [letter.from],
      subject: `Automatic reply: ${letter.subject}`,
      text: write(random, random.pick(AUTOMATIC), slotsOf(builder, letter.atMs)),
      answers: letter,
      bulkHeaders: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    })
  }
}

const internal = (builder: Builder, office: PostOffice): void => {
  const { random, world } = builder
  for (let index = 0; index < 14; index += 1) {
    const [subject, question, answer] = random.pick(INTERNAL[world.vertical])
    const [first, second] = random.sample(world.members, 2) as [
      (typeof world.members)[0],
      (typeof world.members)[0],
    ]
    const [a, b] = [memberParty(first, world.name), memberParty(second, world.name)]
    const atMs = world.clock.working(random, -random.int(2, 400))
    const slots = slotsOf(builder, atMs)
    const opening: Letter = office.single({
      atMs,
      from: a,
      to: [b],
      subject: write(random, subject, slots),
      text: `${write(random, question, slots)}\n\n${a.given}`,
    })
    office.single({
      atMs: atMs + random.int(8, 100) * 60_000,
      from: b,
      to: [a],
      subject: `Re: ${opening.subject}`,
      text: `${write(random, answer, slots)}\n\n${b.given}`,
      answers: opening,
    })
  }
}

/** People we do not know yet write too. */
const strangers = (builder: Builder, office: PostOffice): void => {
  const { random, world } = builder
  for (const person of random.sample(
    world.people.filter((one) => one.emails.length === 0),
    8,
  )) {
    const address = `${person.given
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase()}${random.int(10, 99)}@mailhaven.example`
    office.thread({
      member: random.pick(world.members),
      stranger: { ...personParty(person, address), id: address },
      opens: 'them',
      subject: '[A question|Hello from $city|Recommended by a friend]',
      turns: [
        '[A friend gave me your address.|We met briefly at an event in $city.] [Would you have ten minutes for me?|May I ask you something about your work?]',
        '[Gladly, $day at $hour?|Of course, write to me what it is about.]',
      ],
      startDay: -random.int(2, 200),
      ...(random.chance(0.5) ? {} : { gaps: [1] }),
    })
  }
}

/** What fills a mailbox besides: newsletters, out-of-office answers, colleagues, strangers. */
export const sundryMail = (builder: Builder, office: PostOffice): void => {
  newsletters(builder, office)
  automaticReplies(builder, office)
  internal(builder, office)
  strangers(builder, office)
}

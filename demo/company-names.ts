import type { Random } from './random.ts'

/** First words of made-up firms: chosen so that none is a firm we know of. */
const ROOTS = (
  'Fernlight Brackenfold Ostervale Thistledown Wrenfield Marrowbone Coldharbour Saltmarsh Hollowell Pinewhistle ' +
  'Larchmere Ambergate Stonecrop Foxglade Quillon Ravensby Tallowmere Birchwater Copperwren Dunlin Eastmarrow ' +
  'Fallowfield Gorsebrook Heronsgate Ivoryholt Juniperus Kestrelby Lanternhill Millrace Nettlecombe Oakhanger ' +
  'Peregrin Quernstone Rookhope Silverbeck Tanglewold Umberland Vellum Whinfell Yarrowby Zephyrine Alderwick ' +
  'Bramblecote Cinderford Driftmoor Elmstead Flintlock Greywether Harrowgate Inglenook Jackdaw Kingfern Lowmarsh ' +
  'Mossbank Northwold Otterburn Plumridge Quayle Rushmere Sandpiper Thornaby Underhay Violetta Westering ' +
  'Axlewood Bellwether Candlemark Dovecote Emberline Farthing Glasswing Hartsease Isobar Kindling Loomis ' +
  'Meridell Nocturne Orrery Paxwell Quincunx Roundelay Sablewood Tessellate Undertow Vantry Wickfield Brightwater'
).split(' ')

export interface Trade {
  /** Industry as it is filed, and the words that follow the root. */
  readonly industry: string
  readonly tails: readonly string[]
}

const trade = (industry: string, tails: string): Trade => ({ industry, tails: tails.split(', ') })

export const STARTUPS = [
  trade('Robotics', 'Robotics, Automation, Machines'),
  trade('Biotech', 'Bio, Therapeutics, Genomics'),
  trade('Fintech', 'Ledger, Payments, Treasury'),
  trade('Climate', 'Grid, Storage, Carbon'),
  trade('Software', 'Labs, Cloud, Analytics'),
  trade('Health', 'Health, Diagnostics, Care'),
  trade('Security', 'Security, Identity'),
  trade('Logistics', 'Freight, Routing'),
]
export const LIMITED_PARTNERS = [
  trade('Endowment', 'Endowment, University Fund'),
  trade('Family office', 'Family Office, Holdings'),
  trade('Pension', 'Pension Trust, Teachers’ Fund'),
]
export const CO_INVESTORS = [trade('Venture capital', 'Ventures, Capital, Partners')]
export const ADVISORS = [
  trade('Law', 'Legal LLP, & Partners'),
  trade('Recruiting', 'Search, Talent'),
  trade('Accounting', 'Audit, Accounting'),
]
export const BUSINESSES = [
  trade('Logistics', 'Freight, Haulage, Logistics'),
  trade('Retail', 'Retail, Outfitters, Stores'),
  trade('Payroll', 'Payroll, Staffing'),
  trade('Insurance', 'Insurance, Mutual'),
  trade('Healthcare', 'Clinics, Dental'),
  trade('Manufacturing', 'Castings, Plastics, Tooling'),
  trade('Food', 'Foods, Brewing, Bakeries'),
  trade('Hospitality', 'Hotels, Catering'),
  trade('Utilities', 'Water, Energy'),
  trade('Education', 'Schools, Colleges'),
]
export const RESELLERS = [trade('IT services', 'Consulting, Integrations')]
export const LENDERS = [trade('Mortgage', 'Mortgage, Home Loans')]
export const LAW_FIRMS = [trade('Law', 'Law Group, Legal')]
export const SETTLEMENT = [trade('Title and escrow', 'Title, Escrow')]
export const BROKERAGES = [trade('Real estate', 'Realty, Homes & Land')]
export const BUILDERS = [trade('Property development', 'Development, Builders')]
export const TRADESPEOPLE = [
  trade('Inspection', 'Inspections, Survey'),
  trade('Staging', 'Staging, Interiors'),
  trade('Property management', 'Property Management'),
]

/** Draws company names nobody in the workspace has yet; roots are reused only in another trade. */
export const makeCompanyNamer = (
  random: Random,
  reserved: readonly string[],
): ((trades: readonly Trade[]) => { name: string; industry: string }) => {
  const taken = new Set(reserved)
  const roots: string[] = []
  return (trades) => {
    for (;;) {
      if (roots.length === 0) roots.push(...random.sample(ROOTS, ROOTS.length))
      const { industry, tails } = random.pick(trades)
      const name = `${roots.pop()!} ${random.pick(tails)}`
      if (taken.has(name)) continue
      taken.add(name)
      return { name, industry }
    }
  }
}

/** `Nimbus Robotics` -> `nimbus-robotics.example` (RFC 2606 keeps `.example` for us). */
export const domainOf = (company: string): string =>
  `${company
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}.example`

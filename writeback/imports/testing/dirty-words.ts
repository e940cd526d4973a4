const words = (text: string): readonly string[] => text.trim().split(/\s+/)

export const GIVEN = words(`
Dana Erik Farah Zoë José Søren Amélie Björn Łucja Çağla Nuño Renée Thomas Michael Elizabeth Robert William Katherine
Margaret Jennifer Daniel Samuel Benjamin Alexander Christopher Patricia Susan Anna Maria Laura Helena Ingrid Oskar
Felix Jonas Mateo Diego Lucía Inés Priya Arjun Kavita Rohan Mei Hiro Yuki Kenji Aisha Omar Leila Karim Nadia Viktor
Olga Dmitri Tomáš Petra Zdeněk Agnieszka Piotr Fatima Hassan Chloé Gaël Noémie Étienne Giulia Marco Chiara Luca Sofia`)

export const FAMILY = words(`
Whitfield Ørsted Khan Novák Müller Schröder Hartmann Okafor Adeyemi Castellanos Peña Muñoz García Fernández Oliveira
Gonçalves Lindqvist Håkansson Virtanen Kowalczyk Wiśniewska Dvořák Szabó Horváth Popescu Ionescu Papadopoulos Yılmaz
Demir Takahashi Nakamura Sato Tanaka Watanabe Chen Zhang Nguyen Tran Kim Park Sharma Patel Iyer Banerjee Mukherjee
O'Neal McAllister Fitzgerald Callahan Donnelly Ashworth Blackwood Carmichael Drummond Ellingham Fairweather Grantham
Haverford Kingsley Lockhart Merriweather Northcott Pemberton Quillfeather Ravenscroft Somerset Thackeray Underhill
Vandermeer Westbrook Yarborough Zimmermann Lefèvre Dubois Moreau Bianchi Ricci Moretti Romano Eriksson Johansson`)

export const FIRST = words(`
Northwind Bluepeak Cobalt Larkspur Harbor Quincunx Ravensby Silverline Tamarind Umbra Vantage Willowmere Xenon Yellowfin
Zephyr Alder Bramble Cinder Driftwood Ember Foxglove Granite Hollow Ironwood Juniper Kestrel Lantern Meridian Nimbus
Obsidian Pinecrest Quarry Redstone Saffron Thistle Upland Verdant Wharf Ånge Böhm Café Délice Épure Fjord Gävle Málaga
Orchard Paragon Quasar Rookery Sundial Tidewater Ursa Vellum Wicker Yarrow`)

export const SECOND = words(`
Labs Foods Insurance Robotics Analytics Logistics Capital Health Energy Studios Systems Textiles Motors Networks
Biotech Software Marine Properties Farms Payments`)

export const LEGAL = ['', '', '', ' Inc', ' Inc.', ', Inc.', ' Ltd', ' LLC', ' GmbH', ' AG', ' Corp.']
export const PRODUCTS = words(
  'pilot renewal expansion rollout platform licence audit migration support retrofit',
)
export const STAGES = ['Lead', 'Qualified', 'Proposal', 'Won', 'Lost'] as const
export const NICKNAMES: Readonly<Record<string, string>> = {
  Thomas: 'Tom',
  Michael: 'Mike',
  Elizabeth: 'Liz',
  Robert: 'Bob',
  William: 'Bill',
  Katherine: 'Kate',
  Jennifer: 'Jen',
  Daniel: 'Dan',
  Samuel: 'Sam',
  Benjamin: 'Ben',
  Christopher: 'Chris',
  Patricia: 'Pat',
}

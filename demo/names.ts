import type { Random } from './random.ts'

/** Given and family names that tend to go together; some are also ordinary words, as in life. */
const CULTURES: readonly { readonly given: string; readonly family: string }[] = [
  {
    given:
      'Will Mark Grace Rich Hope Frank Rose Jack Dawn Chase Bill Summer Art Oliver Hazel Nathan Beth Gareth Imogen Rupert Fiona',
    family:
      'Price Banks Stone Young Long Field Best Day Law Ashworth Pemberton Thackeray Holloway Birdwhistle Marlowe Fairclough Underwood Hargreaves Winslow',
  },
  {
    given: 'Siobhán Aoife Niamh Declan Cormac Eoin Róisín Padraig Ciarán Orla',
    family: "O'Neal O'Connell O'Rourke D'Arcy McAllister MacLeod Ní_Bhriain Gallagher Fitzgerald Kinsella",
  },
  {
    given: 'Jan Sanne Pieter Femke Bram Lotte Joost Anouk Thijs Marieke',
    family: 'van_der_Berg de_Vries van_Dijk Bakker ten_Have van_den_Heuvel Hoekstra de_Graaf Verbeek',
  },
  {
    given: 'José María Núria Íñigo Beatriz Ramón Pilar Joaquín Inés Álvaro Ximena Rodrigo',
    family:
      'Núñez García-Márquez Peña Ibáñez de_la_Cruz Muñoz Zúñiga Velázquez Echeverría Castaño del_Río Quiñones',
  },
  {
    given: 'João Mariana Thiago Beatriz Rafael Letícia Caetano Inês Gonçalo',
    family: 'da_Silva Gonçalves Araújo dos_Santos Magalhães Brandão Conceição Figueiredo',
  },
  {
    given: 'Hélène François Océane Jean-Luc Marie-Claude Étienne Chloé Benoît Margaux Anaïs Loïc Zoé',
    family: 'Lefèvre Beauchêne de_Villiers Garnier Rousselot Saint-Amand Pélissier Dufresne Château Ménard',
  },
  {
    given: 'Jürgen Anneliese Björn Käthe Klaus-Peter Friederike Sören Greta Matthias Heike Dörte Moritz',
    family:
      'Müller-Lüdenscheidt Grünewald von_Arnim Schröder Weiß Kühn Baumgärtner Böttcher Vogelsang Lindner Jäger',
  },
  {
    given: 'Åsa Mårten Ingrid Øystein Solveig Håkon Freja Mikkel Linnéa Jörgen Aino Kaarina',
    family:
      'Östergård Lindström Håkansson Bjørnstad Ødegaard Kristiansen Mäkinen Virtanen Sørensen Thorvaldsdóttir Nygaard',
  },
  {
    given: 'Łukasz Agnieszka Wojciech Zofia Tomáš Jiří Zdeňka Božena Ondřej Małgorzata',
    family: 'Wójcik Kowalczyk Dvořák Svobodová Procházka Nowicki Černý Wiśniewska Zieliński',
  },
  {
    given: 'Dmitri Svetlana Anatoly Yevgenia Taras Oksana Miroslav Vesna Goran Milica',
    family: 'Sokolova Kuznetsov Shevchenko Petrenko Jovanović Đorđević Marković Bondarenko Kovač',
  },
  {
    given: 'Giulia Matteo Niccolò Chiara Fabrizio Ginevra Salvatore Ornella Elia',
    family: "D'Angelo De_Luca Ferrarese Lo_Presti Bianchini Marchetti Dell'Acqua Pellegrini",
  },
  {
    given: 'Nikos Eleni Stavros Despina Ioannis Kalliope Hasan Elif Mehmet Zeynep Çağla Emre',
    family: 'Papadakis Konstantinou Theodorou Yıldız Öztürk Şahin Kaya Aydoğan Çelik',
  },
  {
    given: 'Layla Karim Fatima Youssef Noor Tariq Rania Khalid Mariam Bilal Yara',
    family: 'al-Masri El_Amrani Nasser Haddadin ben_Youssef Mansouri Farouk al-Rashid Khoury',
  },
  {
    given: 'Ananya Arjun Kavya Rohan Meera Vikram Ishaan Lakshmi Devika Nikhil Harpreet Gurdeep',
    family: 'Iyer Chatterjee Venkataraman Subramaniam Kulkarni Bhattacharya Singh Gill Deshpande Menon Reddy',
  },
  {
    given: 'Wei Xiu Mei-Ling Jian Yifan Zihan Hui-Min Chen-Yu Kwok-Wing Siu-Fong',
    family: 'Chen Ouyang Zhang Huang Tsai Lau Cheung Sun Xu Song',
  },
  {
    given: 'Haruka Kenji Yuki Takumi Naoko Ren Ji-woo Min-jun Soo-ah Hyun-ki Aiko',
    family: 'Takahashi Kobayashi Ōno Fujimoto Kim Choi Yoon Matsuda Ishikawa Baek',
  },
  {
    given: 'Linh Minh Thuý Anh Somchai Malee Putri Budi Dewi Jomar Althea',
    family: 'Nguyễn Trần Phạm Srisai Wibowo Suharto Dela_Cruz Bautista Santosa Lê',
  },
  {
    given: 'Chidi Ngozi Kwame Abena Oluwaseun Zanele Thabo Amara Folake Kofi Nia Jabari Aminata Ousmane',
    family: 'Adeyemi Nwosu Mensah Dlamini Osei-Bonsu Nkosi Diallo Traoré Abubakar Eze Mwangi Otieno Boateng',
  },
]

export interface Name {
  readonly given: string
  readonly family: string
}

/** `Dana Whitfield` in its parts. */
export const nameOf = (text: string): Name => {
  const [given, family] = text.split(' ') as [string, string]
  return { given, family }
}

const words = (text: string): string[] => text.split(' ').map((word) => word.replaceAll('_', ' '))
const cultures = CULTURES.map(({ given, family }) => ({ given: words(given), family: words(family) }))

export const GIVEN_NAMES: readonly string[] = [...new Set(cultures.flatMap((culture) => culture.given))]
export const FAMILY_NAMES: readonly string[] = [...new Set(cultures.flatMap((culture) => culture.family))]

const SPECIAL: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ı: 'i', æ: 'ae', ð: 'd' }

/** Lower-case ASCII letters of a name: `Núñez` -> `nunez`, `O'Neal` -> `oneal`. */
export const foldName = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[ßøłđıæð]/g, (letter) => SPECIAL[letter]!)
    .replace(/[^a-z0-9]/g, '')

/** Draws names nobody in the workspace has yet. Names of `reserved` people give neither their first nor their last name to others. */
export const makeNamer = (random: Random, reserved: readonly Name[]): (() => Name) => {
  const taken = new Set<string>()
  const kept = new Set(reserved.flatMap((name) => [foldName(name.given), foldName(name.family)]))
  const free = (name: string): boolean => {
    const folded = foldName(name)
    return !kept.has(folded) && !folded.startsWith('sam')
  }
  return () => {
    for (;;) {
      const culture = random.pick(cultures)
      const familyCulture = random.chance(0.15) ? random.pick(cultures) : culture
      const given = random.pick(culture.given)
      const family = random.pick(familyCulture.family)
      const key = foldName(given + family)
      if (taken.has(key) || !free(given) || !free(family)) continue
      taken.add(key)
      return { given, family }
    }
  }
}

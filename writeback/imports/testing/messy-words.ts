const words = (text: string): readonly string[] => text.trim().split(/\s+/)
const lines = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => words(line))

/** In its own script, then as passports and colleagues write it in Latin letters. */
export const NATIVE_GIVEN = lines(`
Дмитрий Dmitry Dmitri Dmitriy
Екатерина Ekaterina Yekaterina Katerina
Сергей Sergey Sergei
Наталья Natalia Natalya
Алексей Alexey Aleksei Alexei
Юлия Yulia Julia Iuliia
Михаил Mikhail Mihail
Ксения Ksenia Xenia
Γιώργος Giorgos Yiorgos Georgios
Ελένη Eleni Heleni
Νικόλαος Nikolaos Nicolaos
Δήμητρα Dimitra Demetra`)

export const NATIVE_FAMILY = lines(`
Соколов Sokolov
Лебедев Lebedev
Кузнецов Kuznetsov Kuznecov
Воробьёв Vorobyov Vorobiev Vorobyev
Щербаков Shcherbakov Scherbakov
Журавлёв Zhuravlyov Zhuravlev
Тихонов Tikhonov Tihonov
Мельниченко Melnychenko Melnichenko
Παπαδόπουλος Papadopoulos
Οικονόμου Oikonomou Economou
Αλεξίου Alexiou
Χατζής Chatzis Hatzis`)

export const PLAIN_GIVEN = words(`
Bram Cato Delphine Ewan Fiona Gareth Hugo Imogen Jasper Kirsten Lorenzo Marguerite Nils Octavia Piers Quentin Rosalind
Sander Thea Ursula Vincent Winifred Xavier Yvonne Zachary Alasdair Bridget Cormac Deirdre Eoin Rasmus Signe Torvald
Mireille Pascal Solène Thierry Conrad Liesel Anselm Ottilie Rainer Greta Ludwig Paloma Ignacio Rocío Álvaro`)

export const PLAIN_FAMILY = words(`
Abercrombie Bellweather Cavendish Dunmore Elphinstone Fotheringham Garrick Hathaway Ingleby Jardine Kinross Loxley
Macintyre Netherby Ormonde Penhaligon Quigley Ravenhill Stanhope Trelawney Urquhart Villiers Wolstenholme Ainsley
Breckenridge Colquhoun Dalrymple Eskildsen Fjeldstad Grönlund Højgaard Isaksen Jernberg Kvist Lagerlöf Mikkelsen
Desrosiers Beaumont Chastain Guillemot Lacroix Montfort Villeneuve Aguirre Belmonte Cisneros Escobedo Ibarra Quiroga
Aschenbach Birkenfeld Dornhöfer Eichendorff Falkenrath Grünewald Hohenstein Lindenau Morgenroth Rosenkranz`)

export const COMPANY_FIRST = words(`
Altona Brightwater Calder Dunluce Eastmoor Fenwick Galloway Hanover Islay Jutland Kelso Lomond Marlow Nordhavn Orkney
Pembroke Quayside Romney Solent Tamar Uppsala Viborg Windermere Yarmouth Zeeland Ardmore Bergen Corvid Dovetail Elmhurst`)

/** The kind of trade in one or two words. */
export const COMPANY_TRADE = [
  'Freight',
  'Rail Systems',
  'Wind Power',
  'Paper Mills',
  'Machine Tools',
  'Cold Storage',
  'Glass Works',
  'Seed Trading',
  'Water Technology',
  'Printing House',
  'Medical Devices',
  'Data Centres',
  'Timber & Boards',
  'Food & Drink',
  'Steel Cables',
] as const

export const COMPANY_FORMS = [
  '',
  '',
  ' A/S',
  ' Sp. z o.o.',
  ' S.p.A.',
  ' OÜ',
  ' GmbH & Co. KG',
  ' S.L.',
  ' Ltd.',
  ' PLC',
  ', LLC',
  ' N.V.',
] as const
export const CITIES = words('Hamburg Aarhus Leeds Gdańsk Lyon Bilbao Tallinn Turin Ghent Oslo')
export const MATTERS = [
  'Rollout North',
  'Rollout South',
  'Framework agreement',
  'Spare parts Q1',
  'Spare parts Q2',
  'Service contract 2025',
  'Service contract 2026',
  'Site survey',
  'Fleet renewal',
  'Second line',
  'Trial order',
] as const
export const DEGREES = [
  ', PhD',
  ' MBA',
  ', Ph.D.',
  ' (CFO)',
  ', M.Sc.',
  ' - Managing Director',
  ', CPA',
] as const

import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { LANGUAGE } from './lexicon.ts'
import { GAP } from './read-tokens.ts'
import type { TokenList } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/u))

/** Words of business mail that have a capital, or that lists have as somebody's name elsewhere; folded. */
const NO_NAME: Readonly<Record<number, ReadonlySet<string>>> = {
  [LANGUAGE.german]: words(`
    der die das ein eine und wir sie ich im am zum zur mit fur heute gestern morgen abend mittag vormittag nachmittag
    woche monat jahr fruhjahr fruhling sommer herbst winter montag dienstag mittwoch donnerstag freitag samstag sonnabend
    sonntag januar februar marz juni juli september oktober november dezember lg vg mfg bg kg gmbh ag ohg
    ug gbr ev leiter leiterin leitung vertrieb einkauf kunde kunden kundin ansprechpartner ansprechpartnerin geschaftsfuhrer
    geschaftsfuhrerin vorstand abteilung kollege kollegin kollegen chef chefin team angebot rechnung auftrag lieferung
    bestellung vertrag termin besprechung anruf telefon durchwahl mobil anlage anhang gruss grusse dank bitte`),
  [LANGUAGE.romance]: words(`
    ele ela eles elas colega colegas cliente clientes diretor diretora gerente vendas compras proposta contrato fatura
    pedido reuniao segunda terca quarta quinta sexta sabado janeiro fevereiro abril maio junho julho agosto
    setembro outubro novembro dezembro bom boa tarde noite fara sera esta foi vai telefone celular anexo ltda sa`),
}

/** What companies are called by at the end of their name. */
const COMPANY_END = words('kg gmbh ag ohg ug gbr ltda')

const TITLES: Readonly<Record<number, ReadonlySet<string>>> = {
  [LANGUAGE.german]: words('herr herrn frau'),
  [LANGUAGE.romance]: words('sr sra senhor senhora dona doutor doutora'),
}

const NOBODY: ReadonlySet<string> = new Set()
const BY_TITLE = 0.95
const NEIGHBOUR = 0.5

const isCapital = (shape: number): boolean =>
  shape === SHAPE.capital || shape === SHAPE.capitals || shape === SHAPE.prefixed

/** Beside a word that is all but surely a name, as in Claudia Winter. */
const standsByName = ({ count, gap }: TokenList, certainty: Float32Array, at: number): boolean =>
  (gap[at] === GAP.blank && (certainty[at - 1] ?? 0) > NEIGHBOUR) ||
  (at + 1 < count && gap[at + 1] === GAP.blank && certainty[at + 1]! > NEIGHBOUR)

/**
 * What German and Portuguese say surer than weights that learned from English: after a title stands a name, here and
 * wherever the word stands again; common words of their business mail are none, nor is what stands before `KG`.
 */
export const readByLanguage = (
  { tokens, folded, known, language }: Document,
  certainty: Float32Array,
): void => {
  if (language === LANGUAGE.english) return
  const { count, gap, shape } = tokens
  const none = NO_NAME[language] ?? NOBODY
  const titles = TITLES[language] ?? NOBODY
  const named = new Set<string>()
  for (let at = 0; at < count; at += 1) {
    const word = folded(at)
    if (none.has(word) && !standsByName(tokens, certainty, at)) certainty[at] = 0
    if (at === 0) continue
    if (COMPANY_END.has(word) && gap[at] === GAP.blank && known[at - 1] === KNOWN.nothing)
      certainty[at - 1] = 0
    const isTitled = titles.has(folded(at - 1)) && (gap[at] === GAP.blank || gap[at] === GAP.stop)
    if (isTitled && isCapital(shape[at]!)) named.add(word)
  }
  if (named.size === 0) return
  for (let at = 0; at < count; at += 1) {
    const word = folded(at)
    if (named.has(word) && isCapital(shape[at]!) && !none.has(word))
      certainty[at] = Math.max(certainty[at]!, BY_TITLE)
  }
}

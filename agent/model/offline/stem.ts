/** Irregular forms, and words that the suffix rules would wrongly join. */
const IRREGULAR: Readonly<Record<string, string>> = {
  met: 'meet',
  meetings: 'meeting',
  meeting: 'meeting',
  viewings: 'viewing',
  viewing: 'viewing',
  showings: 'showing',
  showing: 'showing',
  listings: 'listing',
  listing: 'listing',
  closings: 'closing',
  closing: 'closing',
  spoke: 'speak',
  spoken: 'speak',
  sent: 'send',
  people: 'person',
  heard: 'hear',
  wrote: 'write',
  written: 'write',
  told: 'tell',
  led: 'lead',
  flats: 'flat',
  logged: 'log',
  said: 'say',
  says: 'say',
  saw: 'see',
  seen: 'see',
  got: 'get',
  gotten: 'get',
  has: 'have',
  had: 'have',
  having: 'have',
  did: 'do',
  does: 'do',
  done: 'done',
  went: 'go',
  gone: 'go',
  goes: 'go',
  going: 'go',
  doing: 'do',
  sold: 'sold',
  bought: 'buy',
  made: 'make',
  took: 'take',
  taken: 'take',
  held: 'hold',
  ran: 'run',
  knew: 'know',
  known: 'know',
  left: 'left',
  lost: 'lost',
  won: 'won',
  win: 'win',
  wins: 'win',
  winning: 'win',
  due: 'due',
  is: 'be',
  are: 'be',
  was: 'be',
  were: 'be',
  been: 'be',
  am: 'be',
  being: 'be',
  this: 'this',
  his: 'his',
  its: 'its',
  us: 'us',
  yes: 'yes',
  business: 'business',
  status: 'status',
  less: 'less',
  address: 'address',
  addresses: 'address',
  access: 'access',
  across: 'across',
  series: 'series',
  always: 'always',
  news: 'news',
  besides: 'besides',
  owes: 'owe',
  owing: 'owe',
  owed: 'owe',
  open: 'open',
  opened: 'opened',
  ours: 'ours',
  others: 'other',
  biggest: 'biggest',
  oldest: 'oldest',
  pass: 'pass',
  passed: 'passed',
  need: 'need',
  needs: 'need',
  priced: 'price',
  pricing: 'pricing',
  bring: 'bring',
  morning: 'morning',
  during: 'during',
  anything: 'anything',
  everything: 'everything',
  something: 'something',
  nothing: 'nothing',
  string: 'string',
  king: 'king',
  red: 'red',
  speed: 'speed',
  overdue: 'overdue',
  lenses: 'lens',
  note: 'note',
  notes: 'note',
  noted: 'note',
  here: 'here',
}

const VOWEL = /[aeiouy]/

const undouble = (word: string): string =>
  /([bdgklmnprt])\1$/.test(word) && !/(ll|ss)$/.test(word) ? word.slice(0, -1) : word

/**
 * One common form for the inflections of an English word. Not a lemma: only equality of two results means something.
 * @param word lower case, without apostrophes
 */
export const stem = (word: string): string => {
  const known = IRREGULAR[word]
  if (known !== undefined)
    return known !== word && known.length > 3 && known.endsWith('e') && !(known in IRREGULAR)
      ? known.slice(0, -1)
      : known
  if (word.length < 4 || /\d/.test(word)) return word
  let rest = word
  if (rest.endsWith('ies') && rest.length > 4) rest = `${rest.slice(0, -3)}y`
  else if (/(ches|shes|xes|sses|zes)$/.test(rest)) rest = rest.slice(0, -2)
  else if (rest.endsWith('s') && !/(ss|us|is)$/.test(rest)) rest = rest.slice(0, -1)
  if (rest.endsWith('ied') && rest.length > 4) return `${rest.slice(0, -3)}y`
  if (rest.endsWith('ing') && rest.length > 5 && VOWEL.test(rest.slice(0, -3)))
    rest = undouble(rest.slice(0, -3))
  else if (rest.endsWith('ed') && rest.length > 4 && VOWEL.test(rest.slice(0, -2)))
    rest = undouble(rest.slice(0, -2))
  return rest.endsWith('e') && rest.length > 3 ? rest.slice(0, -1) : rest
}

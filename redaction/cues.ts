/** Signs in the surroundings of a word that it is, or is not, a person's or company's name. */

const BEFORE_NAME =
  /(?:\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|herr|frau|señora?|sra?|monsieur|mme|dear|hi|hello|hey|hallo|liebe[r]?|bonjour|thanks|thank you|cheers|regards|cc|attn|from|to|by|with|per|ask|tell|told|met|called|emailed|introduced?|owner|contact)\b\.?[ \t]*,?[ \t]+|@)$/iu
const AFTER_NAME =
  /^(?:['’]s\b|[ \t]+(?:said|says|wrote|writes|asked|asks|told|thinks|wants|wanted|called|replied|mentioned|sent|owns|works|agreed|confirmed|joined|left|is|was|has|had|and I)\b|,[ \t]*$|,?[ \t]*\n|,[ \t]+(?:I|we|you|can|could|would|please|just|as|the|here|did|do|have|thanks|this|let|attached)\b|[ \t]*<[^>\n]*@)/iu
const VERB_BEFORE =
  /\b(?:talk(?:ed|ing)?|spoken?|speak(?:ing)?|met|meet(?:ing)?|call(?:ed)?|e-?mail(?:ed|s)?|wrote|written|write|contact(?:ed)?|heard?|remind|ping(?:ed)?|reach(?:ed)?)(?:[ \t]+(?:to|with|from|out to|by))?[ \t]+$/iu
const TIME_BEFORE =
  /(?:\b(?:in|since|until|till|of|through|from|to|by|between|and|last|next|this|early|late|mid|before|after|during|on|every|each|late|the)[ \t]+|\d(?:st|nd|rd|th)?[ \t]+|[-–/])$/iu
const TIME_AFTER = /^[ \t]*(?:\d|['’]\d\d|,[ \t]*\d|[-–/]\d)/u
const CALENDAR =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|summer|autumn|winter|spring|dawn|easter)$/iu

const lineOf = (text: string, start: number, end: number): string => {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const to = text.indexOf('\n', end)
  return text.slice(from, to < 0 ? text.length : to)
}

/** Whether nothing but quotes and bullets stands between the word and the start of its sentence or line. */
export const startsSentence = (text: string, start: number): boolean =>
  /(?:^|[.!?:;•\n])["'“‘(\s>*-]*$/u.test(text.slice(Math.max(0, start - 12), start)) || start === 0

/** A month or weekday where a date is meant: `in May`, `May 5`. */
export const meansTime = (text: string, start: number, end: number): boolean =>
  CALENDAR.test(text.slice(start, end)) &&
  (TIME_BEFORE.test(text.slice(Math.max(0, start - 16), start)) || TIME_AFTER.test(text.slice(end, end + 8)))

/** A greeting, title, verb of speech or a signature line speak for a name. */
export const speaksForName = (text: string, start: number, end: number): boolean => {
  const before = text.slice(Math.max(0, start - 24), start)
  if (BEFORE_NAME.test(before)) return true
  if (startsSentence(text, start) && AFTER_NAME.test(text.slice(end, end + 40))) return true
  return standsAlone(text, start, end) && /^\p{Lu}/u.test(text.slice(start, end))
}

/** Alone on a line of a longer text, as a signature or a greeting is. */
export const standsAlone = (text: string, start: number, end: number): boolean =>
  text.includes('\n') && /^[\s>*_-]*\p{L}+[\s,.:!*_-]*$/u.test(lineOf(text, start, end))

/** In a question: the object of talking, meeting, calling, writing. */
export const isSpokenTo = (text: string, start: number): boolean =>
  VERB_BEFORE.test(text.slice(Math.max(0, start - 32), start))

/** Words that say something by themselves, whatever lists know of them; folded. */

const CLOSING =
  /^(?:thanks|thank|regards|best|sincerely|cheers|love|yours|later|thx|kind|warm|many|respectfully|cordially|gruss|grusse|viele|mit|obrigado|obrigada|abraco|abracos|atenciosamente|saludos|talk|see|take|hope|bye)$/u

const GERMAN = new Set(
  'der die das und ist nicht ein eine mit von den dem des auch sich auf fur im zu wird als bei sind wir sie ich'.split(
    ' ',
  ),
)
const ROMANCE = new Set(
  'de que o os do da em um uma para com nao por mais dos das como foi el los las una del y sua seu pelo'.split(
    ' ',
  ),
)

/** Words of greetings and header lines that stand right before names. */
const NEVER: ReadonlySet<string> = new Set(
  'hi hello hey dear thanks thank regards the and or to from cc bcc subject re fw fwd sent von betreff liebe lieber guten hallo sehr geehrte geehrter assunto prezado prezada caro cara caros'.split(
    ' ',
  ),
)

/** What is noted of a word by itself, in bits. */
export const NOTE = { german: 1, romance: 2, closing: 4, never: 8 } as const

export const notesOf = (folded: string): number =>
  (GERMAN.has(folded) ? NOTE.german : ROMANCE.has(folded) ? NOTE.romance : 0) |
  (CLOSING.test(folded) ? NOTE.closing : 0) |
  (NEVER.has(folded) ? NOTE.never : 0)

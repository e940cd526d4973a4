/** How mail programs announce what they quote, in the languages they speak. Sources: what is seen in real mail. */

const WROTE = [
  'wrote',
  'writes',
  'said',
  'schrieb',
  'schreef',
  'skrev',
  'a écrit',
  'écrit',
  'ecrit',
  'escribió',
  'escribio',
  'escreveu',
  'ha scritto',
  'scrisse',
  'kirjoitti',
  'napisał(?:\\(a\\)|a)?',
  'napsal(?:\\(a\\)|a)?',
  'napísal(?:\\(a\\)|a)?',
  'пишет',
  'писал(?:\\(а\\)|а)?',
  'написал(?:\\(а\\)|а)?',
  'a scris',
  'írta',
  'yazdı',
  'viết',
  'さんは書きました',
  '写道',
  '寫道',
  'のメッセージ',
  '님이 작성',
  'geschreven',
].join('|')

/** The end of an attribution: `… wrote:`. */
export const ATTRIBUTION_END = new RegExp(
  `(?:^|[\\s>)"'*]|\\d)(?:${WROTE})\\s*:?\\s*(?:\\[?[^\\s]{0,60}\\]?)?\\s*:?\\s*$`,
  'iu',
)
/** A line that ends in it and a colon. */
export const WROTE_COLON = new RegExp(`(?:${WROTE})[^\\n]{0,40}[:：]\\s*$`, 'iu')
/** The start of an attribution over several lines. */
export const ATTRIBUTION_START =
  /^\s*(?:On|Am|Le|El|Il|Op|Den|Em|Dne|Dnia|W dniu|På|Pe|Vào|Il giorno|Na|At|Quoting|In (?:article|message|reply to)|Thus spake|Once upon a time|\d{4}[-/年.]|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|ma|ti|ke|to|pe|la|su|пн|вт|ср|чт|пт|сб|вс)[a-z]*[.,]? )/iu
/** `ср, 30 апр. 2025 г. в 15:19, John Doe <doe@example.com>:`, `2014-03-20 8:48 GMT+01:00 Rémi <remi@x.example>:` */
export const DATED_SENDER = /\d{1,2}[:.]\d{2}.{0,120}<\S+@\S+>\s*:\s*$/u

const ORIGINAL = [
  'original message',
  'original appointment',
  'forwarded (?:message|by.*)',
  'begin forwarded message',
  'reply message',
  "message d[’']origine",
  'message original',
  'message transféré',
  'mensaje original',
  'mensagem original',
  'messaggio originale',
  'messaggio inoltrato',
  'ursprüngliche nachricht',
  'urspr\\S*ngliche nachricht',
  'weitergeleitete nachricht',
  'originalnachricht',
  'oorspronkelijk bericht',
  'oprindelig (?:besked|meddelelse)',
  'ursprungligt meddelande',
  'originalmeddelande',
  'opprinnelig melding',
  'alkuperäinen viesti',
  'wiadomość oryginalna',
  'oryginalna wiadomość',
  'původní zpráva',
  'исходное сообщение',
  'пересылаемое сообщение',
  '原始邮件',
  '元のメッセージ',
].join('|')

/** `-----Original Message-----` and its kin, between dashes or alone on the line after them. */
export const ORIGINAL_MESSAGE = new RegExp(
  `^\\s*(?:[-_=*]{2,}\\s*(?:${ORIGINAL})\\s*(?:[-_=*]*)\\s*|begin forwarded message:)\\s*$`,
  'iu',
)

const FROM =
  'from|von|de|da|van|fra|från|od|lähettäjä|от|gönderen|发件人|寄件者|差出人|보낸 사람|kimden|expéditeur|mittente'
const REST =
  'to|cc|an|à|a|aan|til|till|para|do|komu|vastaanottaja|кому|копия|kime|sent|date|gesendet|datum|envoyé|enviado(?: em| el)?|inviato|verzonden|sendt|dato|skickat|wysłano|data|fecha|odesláno|lähetetty|дата|отправлено|subject|betreff|objet|asunto|oggetto|onderwerp|emne|ämne|temat|assunto|předmět|aihe|тема|konu|主题|主旨|件名|发送时间|收件人|reply-to|importance|bcc|attachments'

/** First line of a header block that Outlook puts above what it quotes. */
export const HEADER_FROM = new RegExp(`^\\s*\\*?(?:${FROM})\\s?\\*?\\s?[:：]\\*?\\s*\\S`, 'iu')
export const HEADER_ANY = new RegExp(`^\\s*\\*?(?:${FROM}|${REST})\\s?\\*?\\s?[:：]\\*?(?:\\s|$)`, 'iu')

/** `> `, `>>`, `JD> `, `| `. */
export const QUOTE_PREFIX = /^\s{0,4}(?:[A-Za-z]{0,4}>|\|\s(?!.*\|))/

/** `-- `, and dashes or underscores alone on a line. */
export const SIGNATURE_DASHES = /^(?:--\s?|—\s?|__+\s?)$/
export const RULE = /^\s*(?:_{8,}|-{8,}|={8,}|\*{8,})\s*$/
/** What follows the rule at the foot of list mail and free mail. */
export const FOOTER =
  /mailing[- ]list|unsubscribe|subscription|list info|listinfo|sponsored|get your free|do you yahoo|https?:\/\/|yahoo! groups|this (?:e-?mail|message) (?:and any|is|was|may)|confidential/i

/** Foot of list mail that stands without a rule. */
export const LIST_FOOTER =
  /^\s*(?:-{4,} ?Yahoo! Groups Sponsor.*|https?:\/\/\S*(?:mailman|listinfo|\/lists?\/)\S*|To unsubscribe from this (?:group|list).*|Your use of Yahoo! Groups is subject to.*)\s*$/i

const DEVICE =
  'iphone|ipad|ipod|android|blackberry|samsung|galaxy|huawei|windows (?:phone|mail)|mobile|handheld|phone|tablet|outlook|mail|gmail|proton|yahoo|smartphone|handy|móvil|téléphone|treo|nokia|htc|zoho'
/** `Sent from my iPhone`, `Von meinem iPhone gesendet`, `Envoyé de mon iPad`, `Get Outlook for iOS`. */
export const PHONE_FOOTER = new RegExp(
  `^\\s*(?:\\(?sent (?:from|via|with|using|by) .{0,40}(?:${DEVICE})|get outlook for|von mein\\w+ .{0,40}gesendet|gesendet (?:von|mit|über) |envoy[ée] (?:de|depuis|à partir de|par|avec) |enviado (?:desde|do|de|pelo|via) |inviato da |verzonden (?:vanaf|met|via) |verstuurd (?:vanaf|met) |sendt fra |skickat från |lähetetty |wysłane z |odesláno z |отправлено (?:с|из) |iphone から|從我的 |发自我的).{0,80}$`,
  'iu',
)

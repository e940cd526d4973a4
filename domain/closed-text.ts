/** Characters that show nothing and can hide words or turn them round. Joiners that letters and emoji need stay. */
const HIDDEN = /(?!\u200c|\u200d|\ufe0f)(?:\p{Cf}|\p{Default_Ignorable_Code_Point})/gu

const IMAGE = /!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?/g
const TAG = /<(?=[\p{L}/!?])/gu
/** `[words](there)` and `[words]: there`: the words stay, and where they led is said. */
const LINK = /\[([^\]]*)\]\(\s*<?([^)>\s]*)>?[^)]*\)/g
const DEFINITION = /^\s{0,3}\[([^\]]+)\]:\s*/gm
const SCHEME =
  /(?<![a-z])([a-z][a-z0-9+.-]{1,20}):(?=\/\/|\\\\)|(?<![a-z])(javascript|data|vbscript|file|mailto|tel|sms):(?=\S)|(?<=[a-z])(https?):(?=\/\/)/giu
const SLASHES = /(?<![\p{L}\p{N}:\]/])\/\/(?=[\p{L}\p{N}])/gu
const HOST =
  /(?<![\p{L}\p{N}@._])((?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?[.\u3002\uff0e\uff61])+\p{L}[\p{L}\p{N}-]*)(?![\p{L}\p{N}@])/giu
/** Endings of files people speak of that no browser takes for a host. */
const FILE = /\.(?:docx|xlsx|pptx|pdf|csv|txt|png|jpe?g|gif|eml|json|html?)$/i
/** `e.g`, `i.e`, `z.B`: letters with points. */
const ABBREVIATION = /^(?:\p{L}\.)+\p{L}{1,2}$/u

const hostOf = (target: string): string | undefined => {
  const text = /^[a-z][a-z0-9+.-]*:/i.test(target) ? target : `https://${target.replace(/^\/\//, '')}`
  return URL.canParse(text) && /^https?:/i.test(text) ? new URL(text).hostname.toLowerCase() : undefined
}

export interface ClosedOptions {
  /** Hosts, in small letters, that may be linked to. */
  readonly hosts?: ReadonlySet<string>
}

/**
 * A text that a model wrote, for a person's screen: nothing in it loads, opens or leads anywhere off the list. Images
 * go, links and hosts stay readable but dead (`hxxps[:]//evil[.]example`), HTML is no HTML, hidden characters go.
 */
export const closedText = (text: string, { hosts = new Set() }: ClosedOptions = {}): string => {
  const isListed = (target: string): boolean => hosts.has(hostOf(target) ?? '')
  const deadHost = (whole: string, host: string): string =>
    hosts.has(host.toLowerCase()) || FILE.test(host) || ABBREVIATION.test(host)
      ? whole
      : host.replaceAll(/[.\u3002\uff0e\uff61]/g, '[.]')
  const kept: string[] = []
  const keep = (link: string): string => {
    kept.push(link)
    return `\ue000${kept.length - 1}\ue000`
  }
  const dead = text
    .replaceAll('\ue000', '')
    .replaceAll(HIDDEN, '')
    .replaceAll(IMAGE, (_, alt: string) =>
      alt.trim() === '' ? '(image left out)' : `(image left out: ${alt})`,
    )
    .replaceAll('![', '[')
    .replaceAll(LINK, (whole, words: string, target: string) =>
      isListed(target) ? keep(whole) : `${words} (${target})`,
    )
    .replaceAll(DEFINITION, (_, words: string) => `${words}: `)
    .replaceAll(/(?<![\p{L}\p{N}])https?:\/\/[^\s<>"')\]]+/giu, (url) => (isListed(url) ? keep(url) : url))
    .replaceAll(TAG, '\u2039')
    .replaceAll(SCHEME, (_, ...schemes: (string | undefined)[]) => {
      const scheme = schemes.slice(0, 3).find((one) => one !== undefined) ?? ''
      return `${scheme.replace(/^http/i, 'hxxp')}[:]`
    })
    .replaceAll(SLASHES, '/ /')
    .replaceAll(HOST, deadHost)
  return dead.replaceAll(/\ue000(\d+)\ue000/g, (_, at: string) => kept[Number(at)] ?? '')
}

/** Hosts that a text names, in small letters: those to look up before it is closed. */
export const hostsIn = (text: string): readonly string[] => [
  ...new Set(
    [...text.replaceAll(HIDDEN, '').matchAll(/(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}-]*/gu)].map(([host]) =>
      host.toLowerCase(),
    ),
  ),
]

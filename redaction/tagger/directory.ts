/** `Dana Whitfield/HOU/ECT@ECT`: what stands after the name in the directories of some mail systems. */
const PATH =
  /(?<=\p{L})(?:\/[\p{L}_&-]{2,24}){1,4}(?:@[\p{L}_-]+)+(?![\p{L}.])|(?<=\p{L})(?:\/\p{Lu}{2,4}){2,3}(?![\p{L}\p{N}@/])/gu

export interface Stretch {
  readonly start: number
  readonly end: number
}

/** The stretches that name units of an organisation in such a directory; nobody is called so there. */
export const directoryPaths = (text: string): readonly Stretch[] =>
  text.includes('/')
    ? Array.from(text.matchAll(PATH), (match) => ({ start: match.index, end: match.index + match[0].length }))
    : []

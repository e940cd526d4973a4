/** `Dana Whitfield/HOU/ECT@ECT`: what stands after the name in the directories of some mail systems. */
const PATH =
  /(?<=\p{L})(?:\/[\p{L}_&-]{2,24}){1,4}(?:@[\p{L}_-]+)+(?![\p{L}.])|(?<=\p{L})(?:\/\p{Lu}{2,4}){2,3}(?![\p{L}\p{N}@/])/uy

export interface Stretch {
  readonly start: number
  readonly end: number
}

/** A letter, or perhaps one. */
const mayBeLetter = (unit: number): boolean => unit > 127 || ((unit | 32) >= 0x61 && (unit | 32) <= 0x7a)

/** The stretches that name units of an organisation in such a directory; nobody is called so there. */
export const directoryPaths = (text: string): readonly Stretch[] => {
  const found: Stretch[] = []
  for (let at = text.indexOf('/', 1); at >= 0;) {
    let next = at + 1
    if (mayBeLetter(text.charCodeAt(at - 1))) {
      PATH.lastIndex = at
      if (PATH.test(text)) {
        next = PATH.lastIndex
        found.push({ start: at, end: next })
      }
    }
    at = text.indexOf('/', next)
  }
  return found
}

/** How a mention is written, the first that fits. */
export const MENTION_FORMS = [
  'broken',
  'small',
  'capitals',
  'reversed',
  'initials',
  'single',
  'full',
] as const

export type MentionForm = (typeof MENTION_FORMS)[number]

/** Over a line break, in small letters, in capitals, `Last, First`, with an initial, one word, or in full. */
export const mentionForm = (mention: string): MentionForm => {
  const words = mention.match(/[\p{L}\p{N}'’-]+/gu) ?? []
  if (mention.includes('\n')) return 'broken'
  if (!/\p{Lu}/u.test(mention)) return 'small'
  if (!/\p{Ll}/u.test(mention)) return 'capitals'
  if (/^[^,]+, ./u.test(mention)) return 'reversed'
  if (words.length > 1 && words.some((word) => word.length === 1)) return 'initials'
  return words.length === 1 ? 'single' : 'full'
}

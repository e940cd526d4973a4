import type { HandleForm } from '../domain/handle.ts'
import { endsInLink, handleMentions } from './handle-pattern.ts'

/** The text a handle stands for, fetched before with the viewer's rights; undefined leaves the handle as it is. */
export type Resolve = (number: string, form: HandleForm) => string | undefined

/** The handles a text mentions, however a model wrote them, so that their names can be fetched before restoring. */
export const numbersIn = (
  text: string,
): readonly { readonly number: string; readonly form: HandleForm }[] => {
  const found = new Map<string, { number: string; form: HandleForm }>()
  for (const { number, form } of handleMentions(text)) found.set(`${number}${form}`, { number, form })
  return [...found.values()]
}

/**
 * Puts names back into `text`, once, left to right. Tolerant of how the handle is written, strict about its number.
 * Nothing is restored inside URLs and link targets: a link is where data leaves. `context` is what came before.
 */
export const restoreAfter = (context: string, text: string, resolve: Resolve): string => {
  const whole = context + text
  let restored = ''
  let from = context.length
  for (const { start, end, number, form } of handleMentions(whole)) {
    if (start < from || endsInLink(whole.slice(0, start))) continue
    const value = resolve(number, form)
    if (value === undefined) continue
    restored += whole.slice(from, start) + value
    from = end
  }
  return restored + whole.slice(from)
}

export const restoreText = (text: string, resolve: Resolve): string => restoreAfter('', text, resolve)

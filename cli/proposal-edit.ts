import { userError } from '../domain/errors.ts'
import { amend, type Amendment } from '../writeback/amend.ts'
import type { ShownProposal } from '../writeback/show.ts'
import type { Desk, House } from './compose.ts'

export interface EditOptions {
  readonly drop?: readonly string[]
  readonly set?: readonly string[]
  /** Why what is left out is. */
  readonly note?: string
}

const badEdit = (text: string) =>
  userError('bad_edit', `An edit is written another way than "${text.slice(0, 40)}".`, {
    fix: 'Changes count from 1: `--drop 2`, `--drop 1.notes`, `--set 1.amount=12500`.',
  })

const placeOf = (text: string, whole: string): number => {
  const place = Number(text)
  if (!Number.isInteger(place) || place < 1) throw badEdit(whole)
  return place - 1
}

/** `2` or `1.notes`; changes count from 1. Throws `bad_edit`. */
const readDrop = (text: string): Amendment => {
  const [place = '', field] = text.split('.', 2)
  return field === undefined
    ? { place: placeOf(place, text), drop: true }
    : { place: placeOf(place, text), field, drop: true }
}

/** `1.amount=12500`; nothing after the sign clears the field. Throws `bad_edit`. */
const readSet = (text: string): Amendment => {
  const [, place, field, value] = /^(\d+)\.([a-z_]+)=(.*)$/su.exec(text) ?? []
  if (place === undefined || field === undefined || value === undefined) throw badEdit(text)
  return { place: placeOf(place, text), field, value: value === '' ? null : value }
}

/** Makes the next revision of what was shown. Throws `bad_edit`, and what `amend` throws. */
export const editProposal = async (
  { house, desk }: { readonly house: House; readonly desk: Desk },
  shown: ShownProposal,
  { drop = [], set = [], note }: EditOptions,
): Promise<void> => {
  // Whole changes last: they keep their places while fields are edited.
  const dropped = drop.map(readDrop).map((one) => ('field' in one || !note ? one : { ...one, reason: note }))
  const amendments = [...set.map(readSet), ...dropped].sort(
    (a, b) => Number('field' in b) - Number('field' in a),
  )
  if (amendments.length === 0) throw badEdit('')
  await amend(house.database, {
    proposalId: shown.id,
    hash: shown.hash,
    decider: desk.actor,
    now: desk.now(),
    workspace: desk.workspace,
    amendments,
  })
}

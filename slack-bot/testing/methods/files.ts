import { BOT_USER, textOf, type Fields } from '../world.ts'
import { closedTo, refuse, type Method } from './method.ts'

const LONGEST_FILE = 1_000_000_000

/** The first of three steps: where to send the bytes. The second is a POST to `upload_url`, the third `complete`. */
const getUploadUrl =
  (uploadsAt: () => string): Method =>
  ({ world, fields }) => {
    const length = Number(fields.length)
    if (!(length > 0) || length > LONGEST_FILE) return refuse('invalid_arguments')
    const id = world.id('F')
    world.files.set(id, { id, name: textOf(fields.filename), complete: false })
    return { ok: true, upload_url: `${uploadsAt()}${id}`, file_id: id }
  }

const complete: Method = (call) => {
  const { world, fields } = call
  const files = fields.files as { id: string; title?: string }[]
  const found = files.map(({ id }) => world.files.get(id))
  if (found.some((file) => !file?.bytes)) return refuse('file_not_found')
  const channel = textOf(fields.channel_id)
  const closed = channel ? closedTo({ ...call, fields: { channel } }) : undefined
  if (closed) return refuse(closed)
  for (const file of found) file!.complete = true
  if (channel)
    world.put({
      channel,
      ts: world.ts(),
      user: BOT_USER,
      text: textOf(fields.initial_comment),
      markdown: '',
      blocks: (fields.blocks as Fields[] | undefined) ?? [],
      edits: 0,
      files: files.map(({ id }) => id),
      ...(fields.thread_ts ? { thread_ts: textOf(fields.thread_ts) } : {}),
    })
  return { ok: true, files: files.map(({ id, title }) => ({ id, title: title ?? '' })) }
}

export const fileMethods = (uploadsAt: () => string): Readonly<Record<string, Method>> => ({
  'files.getUploadURLExternal': getUploadUrl(uploadsAt),
  'files.completeUploadExternal': complete,
})

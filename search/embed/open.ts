import { userError } from '../../domain/errors.ts'
import { openCompatible } from './compatible.ts'
import type { Embedder, EmbedderKeys } from './embedder.ts'
import { openLocal } from './local.ts'

const opened = new Map<string, Promise<Embedder>>()

const open = (setting: string, keys: EmbedderKeys): Promise<Embedder> => {
  const [kind, ...rest] = setting.split(':')
  const where = rest.join(':')
  if (kind === 'local' && where !== '') return openLocal(where)
  if (kind === 'openai-compatible') return openCompatible(where, keys)
  throw userError('bad_embedder', 'TACT_EMBEDDER cannot be read.', {
    fix: 'Write none, local:<directory with model.onnx and tokenizer.json> or openai-compatible:<url>#<model>.',
  })
}

/**
 * The embedder that a setting names, opened once a process; undefined for `none`. Throws a user error for a setting that
 * cannot be read, a directory without a model, or a server that is not on this machine: mail is embedded as it stands.
 */
export const openEmbedder = async (
  setting: string,
  keys: EmbedderKeys = {},
): Promise<Embedder | undefined> => {
  if (setting === 'none') return undefined
  let embedder = opened.get(setting)
  if (!embedder) {
    embedder = open(setting, keys)
    opened.set(setting, embedder)
    // What failed is tried again the next time.
    embedder.catch(() => opened.delete(setting))
  }
  return embedder
}

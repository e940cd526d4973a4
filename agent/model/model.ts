import type { LanguageModel } from 'ai'

/** A model to talk to. Only a local one may ever be given unredacted text. */
export interface ChatModel {
  readonly name: string
  readonly local: boolean
  readonly language: LanguageModel
}

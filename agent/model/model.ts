import type { LanguageModel } from 'ai'
import type { Price } from '../budget.ts'

/** A model to talk to. Only a local one may ever be given unredacted text. */
export interface ChatModel {
  readonly name: string
  readonly local: boolean
  readonly language: LanguageModel
  /** Its provider keeps marked parts of a prompt between requests. */
  readonly keepsPrompts?: boolean
  readonly price?: Price | undefined
}

/** A model that may be given unredacted text. */
export type LocalModel = ChatModel & { readonly local: true }

export const isLocal = (model: ChatModel): model is LocalModel => model.local

import { selectNarrator } from '../agent/model/select.ts'
import type { ModelSettings } from '../agent/model/select.ts'
import { isLocal } from '../agent/model/model.ts'
import { retellBriefing } from '../agent/retell.ts'
import type { Config } from '../config.ts'
import type { Narrator } from '../digest/narrative.ts'
import { bug } from '../domain/errors.ts'

/** Nothing of a digest leaves this machine for a model: whatever would, is stopped here too. */
const nothingLeaves = (): Promise<never> =>
  Promise.reject(bug('digest_left', 'A digest was about to leave this machine.'))
const noPlanner = (): never => {
  throw bug('no_narrator', 'The planner tells nothing.')
}

/** The model that TACT_NARRATIVE_MODEL (else TACT_MODEL) names, where it is one on this machine; else none. */
export const digestNarrator = (
  config: ModelSettings & Pick<Config, 'TACT_FALLBACK_MODEL' | 'TACT_MODEL_PRICE' | 'TACT_NARRATIVE_MODEL'>,
): Narrator | undefined => {
  const name = config.TACT_NARRATIVE_MODEL ?? config.TACT_MODEL ?? 'offline'
  // No other kind of model is on this machine.
  if (!name.startsWith('openai-compatible:')) return undefined
  const model = selectNarrator(config, noPlanner, nothingLeaves)
  if (!isLocal(model)) return undefined
  return { local: true, tell: (facts, signal) => retellBriefing(facts, { model, signal }) }
}

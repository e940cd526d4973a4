import { describe, expect, it } from 'vitest'
import { gist } from './gist.testing.ts'
import { NAMES, planFor, withNames } from './planner.testing.ts'

const kindOf = (question: string): string => planFor('sales', [question]).kind
const gistOf = (question: string): string => gist(planFor('sales', [question]))

describe('a request to change something', () => {
  it.each([
    "don't move {D} to Demo",
    'move {D} to Demo unless {M} objects',
    'move all deals except {D} to Demo',
    'move {D} or {C} to Demo',
    'assign everything except {C} to {M}',
    'move {D} to Demo or Proposal',
    '{M} is not taking over {C}. Can you reassign them?',
  ])('is never carried out with its exception left out: %s', (question) => {
    expect(kindOf(question)).not.toBe('calls')
  })

  it('goes to the stage after "to", whatever stage it comes from', () => {
    expect(gistOf('move {D} from Lead to Demo')).toContain('"set":{"stage":"Demo"}')
  })

  it('may be told first and asked for in a second sentence', () => {
    expect(gistOf('{D} has moved to Demo. Can you update that in the crm?')).toContain('"stage":"Demo"')
    expect(gistOf('{M} is taking over {C}. Can you reassign them in the crm?')).toContain(
      `"record":"${NAMES.C}","set":{"owner":"${NAMES.M}"}`,
    )
  })

  it('finds the open deal of a person before it changes it', () => {
    expect(gistOf('Update the status of {P} to Demo')).toBe(
      withNames('deals | some people(id = P) & status = open |  top 10').replace(' |  top', ' |  top') +
        ` then propose_writeback {"reason":"Asked to move it to Demo.","changes":[{"op":"update","entity":"deals","record":"$row","set":{"stage":"Demo"}}]}`,
    )
  })

  it('asks a colleague for a task rather than giving a record away', () => {
    const asked = gistOf('assign {M} a task to follow up with {P} on Monday')
    expect(asked).toContain('"entity":"tasks"')
    expect(asked).not.toContain('"owner"')
  })
})

describe('what is left out of a list', () => {
  it.each([
    'open deals not owned by {M}',
    'open deals of everyone but {M}',
    "open deals where the owner isn't {M}",
    "open deals except {M}'s",
    "open deals that aren't {M}'s",
  ])('is left out: %s', (question) => {
    expect(gistOf(question)).toBe(withNames('deals | owner != M & status = open'))
  })

  it('takes two colleagues for one or the other', () => {
    expect(gistOf("{M}'s and {M2}'s open deals")).toBe(
      `deals | owner in ${NAMES.M},${NAMES.M2} & status = open`,
    )
  })
})

describe('how people write', () => {
  const pipeline = gistOf('Pipeline by stage')

  it.each([
    'could you show me the pipline by stage please',
    'hey, pipeline per stage thx',
    'stage breakdown of the pipeline',
  ])('changes nothing: %s', (question) => {
    expect(gistOf(question)).toBe(pipeline)
  })

  it('reads signs, ranges and spaced thousands', () => {
    expect(gistOf('open deals > 40k')).toBe(gistOf('open deals over 40k'))
    expect(gistOf('open deals worth 20-60k')).toBe(gistOf('open deals worth between 20k and 60k'))
    expect(gistOf('open deals over 40 000')).toBe(gistOf('open deals over 40k'))
    expect(gistOf('last contact w/ {C}')).toBe(gistOf('last contact with {C}'))
  })

  it('puts right what was said before', () => {
    const corrected = planFor('sales', ["{M}'s open deals over 50k", 'no, I meant {M2}'])
    expect(gist(corrected)).toBe(gistOf("{M2}'s open deals over 50k"))
  })
})

describe('an address that is hidden as a place', () => {
  it('is what threads and mail are about', () => {
    expect(gistOf('Unanswered inquiries about PLACE_12344')).toContain('subject contains PLACE_12344')
    expect(gistOf('Show the inspection report email for PLACE_12344')).toContain('PLACE_12344')
  })
})

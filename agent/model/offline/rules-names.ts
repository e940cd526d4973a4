import { compile } from './chart.ts'
import type { Rule } from './chart.ts'
import type { Reference, RefRole } from './pieces.ts'

const ref = (role: RefRole, pattern: string, bonus = 0.1): readonly Rule[] =>
  compile(`ref.${role}`, 'REF', pattern, ([value]) => ({ role, ref: value as Reference }), bonus)
const isReference = (value: unknown): value is Reference =>
  typeof value === 'object' && value !== null && 'handles' in value
const memberRef = (pattern: string, isNegated: boolean, bonus = 0.3): readonly Rule[] =>
  compile(
    'ref.owner',
    'REF',
    pattern,
    (values) => {
      const whose = values.find(isReference)
      if (whose === undefined) return undefined
      if (whose.label !== 'members' && whose.label !== 'ambiguous') return undefined
      return { role: 'owner', ref: whose, ...(isNegated ? { isNegated: true } : {}) }
    },
    bonus,
  )
const ME: Reference = { label: 'members', handles: ['me'] }
const me = (role: RefRole, pattern: string, isNegated = false): readonly Rule[] =>
  compile(
    `ref.me.${role}`,
    'REF',
    pattern,
    () => ({ role, ref: ME, ...(isNegated ? { isNegated } : {}) }),
    0.2,
  )

/** Names with the word that says what part they play: at, from, owned by, not mine. */
export const NAME_RULES: readonly Rule[] = [
  ...compile(
    'handles',
    'H',
    'H OR|OR_COMMA H',
    ([a, , b]) => {
      const left = a as Reference
      const right = b as Reference
      return left.label === right.label && left.label !== 'ambiguous'
        ? { label: left.label, handles: [...left.handles, ...right.handles] }
        : undefined
    },
    0.2,
  ),
  ...ref('bare', 'H', 0),
  ...ref('at', 'over? at|inside|within|in|into|@ H'),
  ...ref('from', 'from|out of? H'),
  ...ref('by', 'by H'),
  ...ref('to', 'to H'),
  ...ref('with', 'with|between|involving|among H'),
  ...ref('for', 'for H'),
  ...ref('of', 'of H'),
  ...ref('about', 'about|on|regarding|re|concerning H'),
  ...ref('poss', "H ='s", 0.15),
  ...memberRef('own|manage|handle|run|lead|cover|carry by H', false),
  ...memberRef('assign|belong|belonging to H', false),
  ...memberRef('H OWNS', false, 0.3),
  ...memberRef('whose owner is? H', false),
  ...memberRef('owner is? H', false),
  ...memberRef('owner be? NEG H', true, 0.8),
  ...memberRef('everyone|everybody|anyone|anybody|all but H', true, 0.8),
  ...memberRef('NEG own|manage|handle|run by H', true, 0.8),
  ...memberRef('NEG assign|belong to H', true, 0.8),
  ...memberRef("NEG H ='s", true, 0.6),
  ...memberRef('H do? NEG own', true, 0.8),
  ...compile(
    'ref.neither',
    'REF',
    'neither H nor H OWNS?',
    ([a, b]) => {
      const left = a as Reference
      const right = b as Reference
      return left.label === 'members' && right.label === 'members'
        ? {
            role: 'owner',
            ref: { label: 'members', handles: [...left.handles, ...right.handles] },
            isNegated: true,
          }
        : undefined
    },
    1,
  ),
  ...compile(
    'ref.except',
    'REF',
    'EXCEPT from|with|at|for|to|of|by? H',
    ([, value]) => ({ role: 'bare', ref: value, isNegated: true }),
    0.8,
  ),
  ...compile(
    'ref.except.poss',
    'REF',
    "EXCEPT H ='s",
    ([, value]) => ({ role: 'poss', ref: value, isNegated: true }),
    0.9,
  ),
  ...me('poss', 'MY'),
  ...me('subject', 'I'),
  ...me('owner', 'MY own'),
  ...me('owner', 'I OWNS'),
  ...me('owner', 'own|manage|handle|run by MEWORD'),
  ...me('owner', 'assign|belong|belonging to MEWORD'),
  ...me('to', 'to MEWORD'),
  ...me('from', 'from MEWORD'),
  ...me('by', 'by MEWORD'),
  ...me('with', 'with MEWORD'),
  ...me('for', 'for|on MEWORD'),
  ...me('owner', 'NEG own|manage|handle by MEWORD', true),
  ...me('owner', 'NEG assign|belong to MEWORD', true),
  ...me('owner', 'NEG MY', true),
  ...me('owner', 'EXCEPT MY', true),
  ...me('owner', 'I NEG own|manage|handle', true),
]

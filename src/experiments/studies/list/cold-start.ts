import { TRANSFORMS } from '../../../core/transform.js'
import type { NamedArm, Study } from '../study.js'
import { BEFORE, FULL, FULL_ARM } from './common-arms.js'

const BASE: NamedArm = { name: 'base, before RL', arm: { kind: 'checkpoint', start: 'base', asked: 'tools' } }
const FROM_BASE: NamedArm = { name: 'RL without SFT', arm: { ...FULL_ARM, start: 'base' } }

/** What RL makes of a model that never saw a call. */
export function coldStart(): Study {
  return {
    name: 'cold-start',
    title: 'RL without the cold start',
    statement: [
      'Training dynamics: RL from the base model, without SFT, loses the tool. Tool turns fall to 0 within about 30 steps and do not come back, and the accuracy reward stays at 0.15 to 0.2.',
      'After SFT the same RL takes the accuracy reward from 0.28 to 0.72 in 700 steps.',
    ],
    arms: [BASE, BEFORE, FROM_BASE, FULL],
    transforms: TRANSFORMS,
    comparisons: [
      {
        what: 'Accuracy of RL without SFT against RL after SFT',
        measure: 'accuracy',
        of: FROM_BASE.name,
        against: FULL.name,
        expected: { direction: 'lower' },
      },
      {
        what: 'Tool turns of RL without SFT against RL after SFT',
        measure: 'toolTurns',
        of: FROM_BASE.name,
        against: FULL.name,
        expected: { direction: 'lower' },
      },
      {
        what: 'Tool turns of RL without SFT against its own beginning',
        measure: 'toolTurns',
        of: FROM_BASE.name,
        against: BASE.name,
        expected: { direction: 'open' },
      },
    ],
    shown: ['toolTurns'],
  }
}

import { TRANSFORMS } from '../../../core/transform.js'
import type { Premise } from '../premise.js'
import type { NamedArm, Study } from '../study.js'
import { BEFORE, FULL, FULL_ARM } from './common-arms.js'

/** Tool turns a question from which on a model calls at least sometimes. */
const CALLS = 0.1

const BASE: NamedArm = { name: 'base, before RL', arm: { kind: 'checkpoint', start: 'base', asked: 'tools' } }
const FROM_BASE: NamedArm = { name: 'RL without SFT', arm: { ...FULL_ARM, start: 'base' } }

const EARLY: NamedArm = {
  name: 'a few steps of SFT, before RL',
  arm: { kind: 'checkpoint', start: 'early', asked: 'tools' },
}
const FROM_EARLY: NamedArm = {
  name: 'RL after a few steps of SFT',
  arm: { ...FULL_ARM, start: 'early' },
}

/** What RL makes of a model that has not been shown how to call. @param parameters.isEarly it begins with the checkpoint `early`, which calls sometimes, not with the base */
export function coldStart({ isEarly }: { isEarly: boolean }): Study {
  const [before, after] = isEarly ? [EARLY, FROM_EARLY] : [BASE, FROM_BASE]
  const premise: Premise = {
    arm: before.name,
    measure: 'toolTurns',
    bound: { atLeast: CALLS },
    otherwise: (turns) =>
      `Before RL the model makes ${turns} tool turns a question: what is never called cannot be lost, and no reward can bring it, so that RL from there ends lower is all but built in. A model that calls sometimes can be named with --early (docs/studies.md).`,
  }
  return {
    name: 'cold-start',
    title: 'RL without the cold start',
    statement: [
      'Training dynamics: RL from the base model, without SFT, loses the tool. Tool turns fall to 0 within about 30 steps and do not come back, and the accuracy reward stays at 0.15 to 0.2.',
      'After SFT the same RL takes the accuracy reward from 0.28 to 0.72 in 700 steps.',
      ...(isEarly
        ? [
            'The paper’s base is a chat model that calls now and then when it is told of a tool. Here a model after a few steps of SFT stands for it.',
          ]
        : []),
    ],
    arms: [before, BEFORE, after, FULL],
    transforms: TRANSFORMS,
    comparisons: [
      {
        what: `Accuracy of ${after.name} against RL after SFT`,
        measure: 'accuracy',
        of: after.name,
        against: FULL.name,
        expected: { direction: 'lower' },
        premise,
      },
      {
        what: `Tool turns of ${after.name} against RL after SFT`,
        measure: 'toolTurns',
        of: after.name,
        against: FULL.name,
        expected: { direction: 'lower' },
        premise,
      },
      {
        what: `Tool turns of ${after.name} against its own beginning`,
        measure: 'toolTurns',
        of: after.name,
        against: before.name,
        expected: { direction: 'lower' },
        premise,
      },
    ],
    shown: ['toolTurns'],
  }
}

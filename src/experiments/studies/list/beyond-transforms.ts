import type { NamedArm, Study } from '../study.js'
import type { TaskRecord } from '../task-record.js'
import { BEFORE, FULL } from './common-arms.js'

/** A fall of accuracy on upright pictures that counts as none. */
const MARGIN = 0.05

const BASE: NamedArm = {
  name: 'base, asked directly',
  arm: { kind: 'checkpoint', start: 'base', asked: 'direct' },
}
const SHIPPED: NamedArm = { name: 'RL', arm: { kind: 'checkpoint', start: 'rl', asked: 'tools' } }

/** What the trained model does where nothing is turned. @param parameters.hasTrained there is a checkpoint `rl`, so that nothing is trained */
export function beyondTransforms({ hasTrained }: { hasTrained: boolean }): Study {
  const after = hasTrained ? SHIPPED : FULL
  const needsNothing = ({ needsCrop }: TaskRecord): boolean => !needsCrop
  const needsCrop = (record: TaskRecord): boolean => record.needsCrop
  return {
    name: 'beyond-transforms',
    title: 'Questions that need no transformation',
    statement: [
      'On pictures as they are (Source) CodeVision is a little better than its base in OCRBench (86.4 to 87.2, 82.4 to 83.5, 86.6 to 87.8 for the three backbones) and ChartQAPro (37.3 to 39.1, 47.2 to 50.3, 52.3 to 57.4).',
      'Where something small must be found, gains are larger: V* 74.6 to 83.7, 77.5 to 82.4, 84.8 to 86.2.',
      'The penalty is also for turning what is upright; what use there is beyond transformations, the paper leaves open.',
    ],
    arms: [BASE, BEFORE, after],
    transforms: ['none'],
    comparisons: [
      {
        what: 'Accuracy where no tool is needed, after RL against the base',
        measure: 'accuracy',
        of: after.name,
        against: BASE.name,
        among: needsNothing,
        expected: { direction: 'not lower', margin: MARGIN },
      },
      {
        what: 'Accuracy where a crop is needed, after RL against the base',
        measure: 'accuracy',
        of: after.name,
        against: BASE.name,
        among: needsCrop,
        expected: { direction: 'higher' },
      },
      {
        what: 'Superfluous tool turns after RL against SFT',
        measure: 'superfluousTurns',
        of: after.name,
        against: BEFORE.name,
        expected: { direction: 'open' },
      },
      {
        what: 'Tokens written where no tool is needed, after RL against the base',
        measure: 'tokens',
        of: after.name,
        against: BASE.name,
        among: needsNothing,
        expected: { direction: 'open' },
      },
    ],
    shown: ['toolTurns', 'superfluousTurns', 'tokens'],
    isSplitByCrop: true,
  }
}

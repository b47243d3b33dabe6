import { TRANSFORMS } from '../../../core/transform.js'
import type { NamedArm, Study } from '../study.js'
import { BEFORE, FULL, FULL_ARM } from './common-arms.js'

export const WITHOUT_STRATEGY: NamedArm = {
  name: 'without strategy',
  arm: { ...FULL_ARM, reward: { beta1: 0 } },
}
export const WITHOUT_PENALTY: NamedArm = {
  name: 'without penalty',
  arm: { ...FULL_ARM, reward: { beta2: 0 } },
}

/** Tasks that a verdict on several tools takes: of fewer, three answers are more than the 9.4 points that the paper's score falls by. */
const FEWEST = 30

const MULTI_TOOL = 2

/** What the two additions to the reward do. */
export function rewardAblation(): Study {
  return {
    name: 'reward-ablation',
    title: 'What the strategy reward and the penalty do',
    statement: [
      'Ablation of the 7B model: without the strategy reward and without the penalty all six benchmark columns are lower than with both (table below).',
      'Of these MVToolBench is the one whose every task needs two tools, orientation and crop: without the strategy reward it falls from 60.1 to 50.7.',
      'Training dynamics: without the penalty the model goes on adding calls, up to 3.5 to 4 tool turns an answer, where the full reward settles near one; with it the penalty falls from 0.09 to 0.',
    ],
    paper: {
      columns: [
        'OCRBench Rot180',
        'OCRBench Verti',
        'ChartQAPro Rot180',
        'ChartQAPro Hori',
        'V*',
        'MVToolBench',
      ],
      rows: [
        { name: 'base', values: [70.2, 17, 23.4, 19.5, 74.6, 18.1] },
        { name: 'SFT only', values: [57, 35.8, 23.2, 20.9, 71.7, 26.6] },
        { name: 'full reward', values: [72.3, 67.4, 30.8, 30.1, 83.7, 60.1] },
        { name: 'without strategy', values: [60.9, 61.5, 24.6, 28.9, 78.5, 50.7] },
        { name: 'without penalty', values: [68.3, 66.3, 24, 24.3, 71.2, 55.9] },
      ],
    },
    arms: [BEFORE, FULL, WITHOUT_STRATEGY, WITHOUT_PENALTY],
    transforms: TRANSFORMS,
    comparisons: [
      {
        what: 'Accuracy with the full reward against without strategy',
        measure: 'accuracy',
        of: FULL.name,
        against: WITHOUT_STRATEGY.name,
        expected: { direction: 'higher' },
      },
      {
        what: 'Accuracy where two or more tools are needed, with the full reward against without strategy',
        measure: 'accuracy',
        of: FULL.name,
        against: WITHOUT_STRATEGY.name,
        among: ({ requiredTools }) => requiredTools >= MULTI_TOOL,
        fewest: FEWEST,
        expected: { direction: 'higher' },
      },
      {
        what: 'Accuracy with the full reward against without penalty',
        measure: 'accuracy',
        of: FULL.name,
        against: WITHOUT_PENALTY.name,
        expected: { direction: 'higher' },
      },
      {
        what: 'Tool turns without penalty against the full reward',
        measure: 'toolTurns',
        of: WITHOUT_PENALTY.name,
        against: FULL.name,
        expected: { direction: 'higher' },
      },
      {
        what: 'Accuracy after RL with the full reward against before',
        measure: 'accuracy',
        of: FULL.name,
        against: BEFORE.name,
        expected: { direction: 'higher' },
      },
    ],
    shown: ['toolTurns', 'superfluousTurns'],
  }
}

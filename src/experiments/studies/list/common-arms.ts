import { TRANSFORMS } from '../../../core/transform.js'
import type { NamedArm } from '../study.js'
import type { TrainedArm } from '../arm.js'

/** The training that the paper has: from the cold start, with the whole reward, on all transformations. Other arms are changes of it. */
export const FULL_ARM: TrainedArm = {
  kind: 'trained',
  start: 'sft',
  reward: {},
  transforms: TRANSFORMS,
  rows: null,
  measuredOn: TRANSFORMS,
}

export const FULL: NamedArm = { name: 'full reward', arm: FULL_ARM }

/** What the full training begins with. */
export const BEFORE: NamedArm = {
  name: 'SFT, before RL',
  arm: { kind: 'checkpoint', start: 'sft', asked: 'tools' },
}

import type { Transform } from '../../core/transform.js'

/** Checkpoints that an arm can begin with, in the order in which they are trained; `early`: an SFT that was stopped after a few steps. */
export const STARTS = ['base', 'early', 'sft', 'rl'] as const
export type Start = (typeof STARTS)[number]

/** What is evaluated: a checkpoint as it is, or what GRPO made of one. An arm is what it says here and nothing else: two studies that say the same share it. */
export type Arm = CheckpointArm | TrainedArm

export interface CheckpointArm {
  readonly kind: 'checkpoint'
  readonly start: Start
  /** `direct`: it is asked to answer at once, without the tool. */
  readonly asked: 'tools' | 'direct'
}

export interface TrainedArm {
  readonly kind: 'trained'
  readonly start: Exclude<Start, 'rl'>
  /** Weights of the strategy and of the penalties in place of those of the configuration; what is absent stays. */
  readonly reward: { readonly beta1?: number; readonly beta2?: number }
  /** Transformations of the pictures that it learns from. */
  readonly transforms: readonly Transform[]
  /** Different questions that it learns from; null: as many as its steps can take. */
  readonly rows: number | null
  /** Transformations of the pictures on which it is measured while it is trained. */
  readonly measuredOn: readonly Transform[]
}

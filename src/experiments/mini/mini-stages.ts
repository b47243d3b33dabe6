/** Stages of the mini experiment, in order: each begins with the weights of the one before. */
export const MINI_STAGES = ['base', 'sft', 'rl'] as const
export type MiniStage = (typeof MINI_STAGES)[number]

/** What of configs/mini a stage is evaluated by: the base model answers at once, the others with the tool. */
export const STAGE_EVALUATIONS: Readonly<Record<MiniStage, string>> = {
  base: 'eval-direct.yaml',
  sft: 'eval-tools.yaml',
  rl: 'eval-tools.yaml',
}

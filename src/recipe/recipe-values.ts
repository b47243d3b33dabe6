import type { Recipe } from './recipe.js'
import type { ShellValue } from './shell-settings.js'

/** Values of RL by this project's names, and where the release's scripts have them. */
export const RL_KEYS = {
  model: 'actor_rollout_ref.model.path',
  promptsPerStep: 'data.train_batch_size',
  rolloutsPerPrompt: 'actor_rollout_ref.rollout.n',
  promptsPerUpdate: 'actor_rollout_ref.actor.ppo_mini_batch_size',
  epochs: 'trainer.total_epochs',
  learningRate: 'actor_rollout_ref.actor.optim.lr',
  clipLow: 'actor_rollout_ref.actor.clip_ratio_low',
  clipHigh: 'actor_rollout_ref.actor.clip_ratio_high',
  dualClip: 'actor_rollout_ref.actor.clip_ratio_c',
  klCoefficient: 'actor_rollout_ref.actor.kl_loss_coef',
  entropyCoefficient: 'actor_rollout_ref.actor.entropy_coeff',
  lossAggregation: 'actor_rollout_ref.actor.loss_agg_mode',
  turns: 'actor_rollout_ref.rollout.multi_turn.max_assistant_turns',
  callsPerTurn: 'actor_rollout_ref.rollout.multi_turn.max_parallel_calls',
  toolFormat: 'actor_rollout_ref.rollout.multi_turn.format',
  toolTextCharacters: 'actor_rollout_ref.rollout.multi_turn.max_tool_response_length',
  promptTokens: 'data.max_prompt_length',
  responseTokens: 'data.max_response_length',
  maxPixels: 'data.max_image_resolution',
} as const

/** Weights of the reward `release`, and where the scripts have them; that of the exact match is fixed in its code. */
export const REWARD_KEYS = {
  alpha: 'reward_model.tool_reward.alpha',
  beta: 'reward_model.tool_reward.beta',
  gamma: 'reward_model.tool_reward.gamma',
  format: 'reward_model.format_reward_weight',
  emerge: 'reward_model.emerge_reward_weight',
} as const

/** Settings of SFT, as LLaMA-Factory calls them. */
export const SFT_KEYS = {
  learningRate: 'learning_rate',
  epochs: 'num_train_epochs',
  schedule: 'lr_scheduler_type',
  warmUp: 'warmup_ratio',
  cutoff: 'cutoff_len',
  imageMaxPixels: 'image_max_pixels',
  perDeviceBatch: 'per_device_train_batch_size',
  accumulation: 'gradient_accumulation_steps',
  visionTowerFrozen: 'freeze_vision_tower',
  projectorFrozen: 'freeze_multi_modal_projector',
} as const

type Named = Readonly<Record<string, ShellValue>>

/** Those of `keys` that the scripts say; where both scripts do, the one that is asked for. */
export function scriptValues({
  recipe,
  keys,
  of,
}: {
  recipe: Recipe
  keys: Readonly<Record<string, string>>
  of: 'training' | 'evaluation'
}): Named {
  const [first, second] =
    of === 'training' ? (['training', 'evaluation'] as const) : (['evaluation', 'training'] as const)
  const overrides = [recipe[first], recipe[second]].map((part) =>
    part.isFound ? part.value.overrides : null,
  )
  return Object.fromEntries(
    Object.entries(keys).flatMap(([name, key]) => {
      const value = overrides[0]?.get(key) ?? overrides[1]?.get(key)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

import { deviceCount } from './device-count.js'
import { GRPO_SHAPE } from './grpo-shape.js'
import type { RecipePlace, RecipeSetting, RecipeVariant } from './recipe-setting.js'

const { prompts: PROMPTS, rollouts: ROLLOUTS, miniBatch: MINI_BATCH } = GRPO_SHAPE

/**
 * The paper's GRPO as fields of TRL's GRPOConfig.
 * @throws UsageError where the rollouts of an update cannot be shared out among the GPUs
 */
export function trlSettings({
  variant,
  place: { nodes, gpus },
}: {
  variant: RecipeVariant
  place: Pick<RecipePlace, 'nodes' | 'gpus'>
}): RecipeSetting[] {
  const isPaper = variant === 'paper'
  const both = (value: string) => ({ paper: value, release: value })
  const devices = deviceCount({ nodes, gpus })
  return [
    { key: 'num_generations', value: ROLLOUTS, ...both(String(ROLLOUTS)) },
    {
      key: 'generation_batch_size',
      value: PROMPTS * ROLLOUTS,
      ...both(String(PROMPTS * ROLLOUTS)),
      note: `${PROMPTS} prompts a step`,
    },
    { key: 'per_device_train_batch_size', value: 1, release: '1' },
    {
      ...{ key: 'gradient_accumulation_steps', value: (MINI_BATCH * ROLLOUTS) / devices },
      note: `updates of ${MINI_BATCH} prompts, two a step, as the release`,
    },
    { key: 'num_train_epochs', value: isPaper ? 2 : 1, paper: '2', release: '1' },
    { key: 'learning_rate', value: 0.000001, ...both('0.000001') },
    { key: 'lr_scheduler_type', value: 'constant', release: 'constant' },
    { key: 'max_grad_norm', value: 1, release: '1' },
    {
      key: 'beta',
      value: 0.001,
      ...both('0.001'),
      note: 'of the KL, whose estimator is low_var_kl without its clamps',
    },
    {
      ...{ key: 'loss_type', value: isPaper ? 'dapo' : 'grpo' },
      note: isPaper
        ? 'a mean over the tokens of the batch'
        : "means of rollouts: what the fork's token-mean is",
    },
    {
      key: 'scale_rewards',
      value: 'group',
      release: 'group',
      note: 'by the standard deviation + 1e-4; the release + 1e-6',
    },
    { key: 'epsilon', value: 0.2, release: '0.2' },
    { key: 'epsilon_high', value: 0.28, release: '0.28' },
    { key: 'delta', value: 10, release: '10', note: 'the dual clip' },
    { key: 'temperature', value: 1, release: '1' },
    { key: 'top_p', value: 1, note: 'anything else biases the ratio' },
    { key: 'top_k', value: 0, note: 'anything else biases the ratio' },
    {
      key: 'max_completion_length',
      value: GRPO_SHAPE.responseTokens,
      release: String(GRPO_SHAPE.responseTokens),
    },
    {
      key: 'max_tool_calling_iterations',
      value: GRPO_SHAPE.turns - 1,
      release: String(GRPO_SHAPE.turns - 1),
      note: `${GRPO_SHAPE.turns} assistant turns`,
    },
    { key: 'gradient_checkpointing', value: true, release: 'true' },
    { key: 'bf16', value: true, release: 'true' },
    { key: 'use_vllm', value: true, release: 'true' },
    { key: 'vllm_mode', value: 'colocate' },
    { key: 'vllm_tensor_parallel_size', value: Math.min(4, gpus), release: '4' },
    {
      key: 'vllm_gpu_memory_utilization',
      value: 0.4,
      release: '0.7',
      note: 'weights for training stand beside it',
    },
    { key: 'logging_steps', value: 1, release: '1' },
    { key: 'save_steps', value: 100, release: '400' },
  ]
}

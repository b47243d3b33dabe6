import { join } from 'node:path'
import { deviceCount } from './device-count.js'
import { GRPO_SHAPE } from './grpo-shape.js'
import type { RecipePlace, RecipeSetting, RecipeVariant, VerlChoices } from './recipe-setting.js'

/** Versions of verl whose configuration is known; 0.7.1 stands for 0.7, whose first release tells the reward nothing of a rollout's tools. */
export const VERL_VERSIONS = ['0.9', '0.8', '0.7.1'] as const
export type VerlVersion = (typeof VERL_VERSIONS)[number]

const PROMPT_TOKENS = 16_384
const {
  prompts: PROMPTS,
  rollouts: ROLLOUTS,
  miniBatch: MINI_BATCH,
  turns: TURNS,
  responseTokens: RESPONSE_TOKENS,
} = GRPO_SHAPE
const TOOL_CHARACTERS = 10_240

/** Beside the launch script. */
export const TOOL_FILE = 'tool.yaml'

/**
 * The paper's GRPO as overrides of verl's `ppo_trainer`, in the order of its sections. Keys that verl does not have by default begin with `+`.
 * @throws UsageError where the rollouts of an update cannot be shared out among the GPUs
 */
export function verlSettings({
  variant,
  place: { folder, model, data, url, nodes, gpus },
  choices: { validation, opening },
}: {
  variant: RecipeVariant
  place: RecipePlace
  choices: VerlChoices
}): RecipeSetting[] {
  deviceCount({ nodes, gpus })
  const isPaper = variant === 'paper'
  const both = (value: string) => ({ paper: value, release: value })
  const actor = 'actor_rollout_ref.actor'
  const rollout = 'actor_rollout_ref.rollout'
  const turns = `${rollout}.multi_turn`
  const reward = 'reward.custom_reward_function'
  const unvalidated = validation === null && { note: 'no rows are held out: --val names some' }
  return [
    { key: 'algorithm.adv_estimator', value: 'grpo', ...both('grpo') },
    { key: 'algorithm.norm_adv_by_std_in_grpo', value: true, release: 'true' },
    { key: 'algorithm.use_kl_in_reward', value: false, release: 'false' },
    { key: 'data.train_files', value: data },
    {
      ...{ key: 'data.val_files', value: validation ?? data },
      note: validation === null ? 'verl wants a file; nothing is rolled out of it' : 'rows held out',
    },
    { key: 'data.train_batch_size', value: PROMPTS, ...both(String(PROMPTS)) },
    { key: 'data.max_prompt_length', value: PROMPT_TOKENS, release: String(PROMPT_TOKENS) },
    { key: 'data.max_response_length', value: RESPONSE_TOKENS, release: String(RESPONSE_TOKENS) },
    { key: 'data.filter_overlong_prompts', value: false, release: 'false' },
    { key: 'data.truncation', value: 'error', release: 'error' },
    { key: 'data.return_raw_chat', value: true, release: 'true' },
    { key: 'actor_rollout_ref.model.path', value: model },
    { key: 'actor_rollout_ref.model.use_remove_padding', value: true, release: 'true' },
    { key: 'actor_rollout_ref.model.enable_gradient_checkpointing', value: true, release: 'true' },
    { key: `${actor}.optim.lr`, value: '1e-6', ...both('1e-6') },
    {
      ...{ key: `${actor}.ppo_mini_batch_size`, value: MINI_BATCH, release: String(MINI_BATCH) },
      note: 'prompts; two updates a step',
    },
    { key: `${actor}.ppo_micro_batch_size_per_gpu`, value: 1, release: '1' },
    { key: `${actor}.use_kl_loss`, value: true, release: 'true' },
    { key: `${actor}.kl_loss_coef`, value: 0.001, ...both('0.001') },
    { key: `${actor}.kl_loss_type`, value: 'low_var_kl', release: 'low_var_kl' },
    { key: `${actor}.entropy_coeff`, value: 0, release: '0' },
    {
      key: `${actor}.loss_agg_mode`,
      value: isPaper ? 'token-mean' : 'seq-mean-token-mean',
      release: 'token-mean',
      ...(!isPaper && { note: 'what token-mean is in the fork, with micro-batches of one rollout' }),
    },
    { key: `${actor}.clip_ratio_low`, value: 0.2, release: '0.2' },
    { key: `${actor}.clip_ratio_high`, value: 0.28, release: '0.28' },
    { key: `${actor}.clip_ratio_c`, value: 10, release: '10' },
    { key: `${actor}.grad_clip`, value: 1, release: '1' },
    { key: `${actor}.fsdp_config.param_offload`, value: true, release: 'true' },
    { key: `${actor}.fsdp_config.optimizer_offload`, value: true, release: 'true' },
    { key: 'actor_rollout_ref.ref.fsdp_config.param_offload', value: true, release: 'true' },
    { key: 'actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu', value: 1, release: '1' },
    { key: `${rollout}.name`, value: 'vllm', release: 'vllm' },
    { key: `${rollout}.mode`, value: 'async', release: 'async' },
    { key: `${rollout}.n`, value: ROLLOUTS, ...both(String(ROLLOUTS)) },
    { key: `${rollout}.temperature`, value: 1, release: '1' },
    { key: `${rollout}.top_p`, value: 1, note: 'anything else biases the ratio' },
    { key: `${rollout}.top_k`, value: -1, note: 'anything else biases the ratio' },
    { key: `${rollout}.tensor_model_parallel_size`, value: Math.min(4, gpus), release: '4' },
    { key: `${rollout}.gpu_memory_utilization`, value: 0.7, release: '0.7' },
    {
      key: `${rollout}.max_num_batched_tokens`,
      value: PROMPT_TOKENS + RESPONSE_TOKENS,
      release: String(PROMPT_TOKENS + RESPONSE_TOKENS),
    },
    { key: `${rollout}.log_prob_micro_batch_size_per_gpu`, value: 1, release: '1' },
    { key: `${turns}.enable`, value: true, release: 'true' },
    { key: `${turns}.max_assistant_turns`, value: TURNS, release: String(TURNS) },
    { key: `${turns}.max_parallel_calls`, value: 1, ...both('1') },
    {
      ...{
        key: `${turns}.max_tool_response_length`,
        value: TOOL_CHARACTERS,
        release: String(TOOL_CHARACTERS),
      },
      note: 'verl cuts at 256',
    },
    {
      ...{ key: `${turns}.tool_response_truncate_side`, value: 'middle' },
      note: 'left and right have changed places in 0.8',
    },
    { key: `${turns}.format`, value: 'hermes', ...both('hermes') },
    { key: `${turns}.tool_config_path`, value: join(folder, TOOL_FILE) },
    { key: `${rollout}.agent.default_agent_loop`, value: 'tool_agent', note: 'rows name it too' },
    { key: `${rollout}.agent.num_workers`, value: 8, release: '8' },
    {
      ...{ key: `${reward}.path`, value: 'pkg://codevision_env.verl_reward' },
      note: `${isPaper ? "the paper's" : "the release's"} reward, of the service`,
    },
    { key: `${reward}.name`, value: 'compute_score' },
    { key: `+${reward}.reward_kwargs.url`, value: url },
    ...(opening === null
      ? []
      : [
          {
            ...{ key: `+${reward}.reward_kwargs.opening`, value: opening },
            note: 'the chat template begins turns with it',
          },
        ]),
    { key: 'trainer.total_epochs', value: isPaper ? 2 : 1, paper: '2', release: '1' },
    { key: 'trainer.critic_warmup', value: 0, release: '0' },
    { key: 'trainer.val_before_train', value: validation !== null, release: 'true', ...unvalidated },
    { key: 'trainer.test_freq', value: validation === null ? -1 : 20, release: '20', ...unvalidated },
    { key: 'trainer.save_freq', value: 100, release: '400' },
    { key: 'trainer.nnodes', value: nodes, release: '2' },
    { key: 'trainer.n_gpus_per_node', value: gpus, release: '8' },
    { key: 'trainer.project_name', value: 'codevision' },
    { key: 'trainer.experiment_name', value: `grpo-${variant}` },
    { key: 'trainer.resume_mode', value: 'auto', release: 'auto' },
  ]
}

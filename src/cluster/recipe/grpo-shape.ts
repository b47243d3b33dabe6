/** How much the GRPO of paper and release takes at a time (section 4): equal in both, whatever trains. */
export const GRPO_SHAPE = {
  /** Of a step. */
  prompts: 64,
  /** Of an update; two updates a step. */
  miniBatch: 32,
  /** Of a prompt. */
  rollouts: 8,
  /** Turns of the model in a rollout, the last one without a call. */
  turns: 12,
  /** All turns of a rollout and what the tool answers, in tokens. */
  responseTokens: 16_384,
} as const

/** How the learning rate goes on after the warm-up. */
export const SCHEDULES = ['constant', 'linear', 'cosine'] as const

/**
 * How the losses of tokens become one number:
 * `token-mean` mean over all tokens; `seq-mean-token-sum` mean over sequences of the sum over tokens; `seq-mean-token-mean` mean over sequences of the mean over tokens;
 * `seq-mean-token-sum-norm` sum over tokens divided by the width of the batch, as in Dr. GRPO.
 */
export const AGGREGATIONS = [
  'token-mean',
  'seq-mean-token-sum',
  'seq-mean-token-mean',
  'seq-mean-token-sum-norm',
] as const
export type Aggregation = (typeof AGGREGATIONS)[number]

/** How a batch's loss is made of its tokens': as `AGGREGATIONS`, or `micro-batch-token-mean`, the mean over tokens of each micro-batch, averaged over these. */
export const BATCH_AGGREGATIONS = [...AGGREGATIONS, 'micro-batch-token-mean'] as const
export type BatchAggregation = (typeof BATCH_AGGREGATIONS)[number]

/** Estimators of the divergence from a reference, of one sampled token: `kl` or `k1`, `abs`, `mse` or `k2`, `low_var_kl` or `k3` (Schulman, "Approximating KL divergence"). */
export const KL_PENALTIES = ['kl', 'k1', 'abs', 'mse', 'k2', 'low_var_kl', 'k3'] as const
export type KlPenalty = (typeof KL_PENALTIES)[number]

/** A part of a model that is trained or frozen as a whole. */
export const MODEL_PARTS = ['language', 'embeddings', 'vision', 'projector'] as const
export type ModelPart = (typeof MODEL_PARTS)[number]

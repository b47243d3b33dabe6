import { z } from 'zod'
import { LONGEST_TIMER_MS } from '../core/longest-timer.js'
import { SCORING_PROFILES } from '../core/scoring-profile.js'
import { OUTCOMES } from '../core/sample.js'
import { BATCH_AGGREGATIONS, KL_PENALTIES, MODEL_PARTS, SCHEDULES } from '../core/training-choices.js'
import { TRANSFORMS } from '../core/transform.js'
import { evaluationSchema, judgeSetting } from './evaluation-schema.js'
import { expectUsed } from './expect-used.js'
import { rewardSchema } from './reward-schema.js'

const positive = z.number().int().positive()
const file = z.string().min(1)
const share = z.number().min(0).max(1)

/** What of the model is trained: some of its parts, or low-rank adapters beside its layers. */
const trains = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('parts'),
      /** The release freezes vision tower and projector in SFT. */
      parts: z.array(z.enum(MODEL_PARTS)).min(1),
    }),
    z.strictObject({
      kind: z.literal('lora'),
      rank: positive,
      alpha: z.number().positive(),
      /** Layers by the ends of their names, such as `q_proj`. */
      targets: z
        .array(z.string().min(1))
        .min(1)
        .default(['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']),
    }),
  ])
  .prefault({ kind: 'parts', parts: [...MODEL_PARTS] })

/** AdamW. */
const optimizer = z
  .strictObject({
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).default(0),
  })
  .prefault({})

const anyModel = {
  /** Folder of a checkpoint in the Hugging Face layout: what the training begins with. */
  path: file,
  /** At which rollouts are sampled, and their tokens scored again. */
  temperature: z.number().positive().default(1),
  optimizer,
}

/** A vLLM server that writes the turns, with the weights of the last step. */
const vllm = z.strictObject({
  /** Of a server of the same checkpoint: http://localhost:8000, without /v1. */
  url: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://localhost:8000' })
    .refine((url) => !/\/v1\/*$/.test(url), 'expected the address of the server, without /v1'),
  /** Where weights are handed over, under the same path there; else the folder for temporary files. */
  folder: file.optional(),
})

/** The policy that learns. */
const model = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tfjs'),
    ...anyModel,
    backend: z.enum(['auto', 'node', 'wasm', 'cpu']).default('auto'),
    trains,
    /** Rollouts are computed together up to so many tokens; a longer one alone. */
    tokensPerPart: positive.optional(),
    /** How checkpoints hold the weights. */
    savedType: z.enum(['F32', 'BF16']).default('F32'),
  }),
  z
    .strictObject({
      kind: z.literal('torch'),
      ...anyModel,
      /** `auto`: the GPU where PyTorch finds one. */
      device: z.enum(['auto', 'cuda', 'cpu']).default('auto'),
      /** `auto`: bfloat16 on a GPU, float32 else. */
      dtype: z.enum(['auto', 'float32', 'bfloat16']).default('auto'),
      /** All weights, or adapters of the text model. */
      train: z.enum(['full', 'lora']).default('full'),
      lora: z
        .strictObject({ rank: positive.default(16), alpha: z.number().positive().default(32) })
        .prefault({}),
      /** The vision tower and its projector keep their weights, as in SFT of the release. Default: only with `lora`, whose adapters stand elsewhere. */
      freezeVision: z.boolean().optional(),
      /** Activations are computed again on the way back instead of being kept. */
      checkpointing: z.boolean().default(true),
      /** Tokens, padding among them, that are trained at once, and of prompts that are read at once. */
      batchTokens: positive.default(16_384),
      vllm: vllm.optional(),
    })
    .refine(({ vllm, temperature }) => vllm === undefined || temperature === 1, {
      error: 'expected 1 where `vllm` writes the turns, whose log-probabilities are those at 1',
      path: ['temperature'],
    })
    .transform((given) => ({ ...given, freezeVision: given.freezeVision ?? given.train === 'lora' })),
])

const scheduleKeys = {
  schedule: z.enum(SCHEDULES),
  /** Steps in which the learning rate rises from 0; below 1: their share of all steps. */
  warmup: z.number().min(0),
}

const LONGEST_DEADLINE = Math.floor(LONGEST_TIMER_MS / 1000)
/** Null: none, also where a file that is extended has one. */
const deadlineSeconds = z
  .number()
  .positive()
  .max(
    LONGEST_DEADLINE,
    `expected at most ${LONGEST_DEADLINE} seconds, since no timer holds more, or null for no deadline`,
  )
  .nullable()
  .optional()

const aggregation = z.enum(BATCH_AGGREGATIONS)

const checkpoints = z
  .strictObject({
    /** Steps between two; one is written at the end in any case. */
    every: positive.default(10),
    /** How many of the newest are kept. */
    keep: positive.default(2),
  })
  .prefault({})

const name = evaluationSchema.shape.name
const common = {
  model,
  seed: z.number().int().default(0),
  checkpoints,
  /** Name of the run; else that of the configuration's file. */
  name,
  /** Folder that holds the runs; relative to the working directory, as of an evaluation. */
  output: file.default('runs'),
}
const length = {
  /** Times that the data is gone through. */
  passes: z.number().positive().default(2),
  /** Steps of the whole training, whatever the number of passes. */
  steps: positive.optional(),
}

/** One supervised fine-tuning, as a YAML file says it. Defaults: paper, section 3. */
export const sftSchema = z.strictObject({
  ...common,
  /** Run folders (of curation, of an evaluation) and files of conversations, one or several. */
  data: z.union([file, z.array(file).min(1)]),
  /** Of runs of evaluations: samples that ended so. */
  outcomes: z.array(z.enum(OUTCOMES)).min(1).default(['correct']),
  /** Only the first so many conversations. */
  limit: positive.optional(),
  /** Conversations that are not learned from, and whose loss is measured: a file or run, or so many of `data`, drawn. */
  heldOut: z
    .strictObject({ data: file.optional(), count: positive.optional(), every: positive.default(10) })
    .refine(({ data, count }) => (data === undefined) !== (count === undefined), {
      error: 'expected `data` (a file or run) or `count` (of the data), one of both',
    })
    .optional(),
  /** Describe the tool to the model outside of the system prompt, as rollouts do. */
  tools: z.boolean().default(true),
  /** JSON or YAML file that replaces the built-in description of the tool. */
  toolDescription: file.optional(),
  /** Images larger than this (width × height) are made smaller. */
  maxPixels: positive.default(262_144),
  training: z
    .strictObject({
      ...length,
      batch: positive.default(128),
      learningRate: z.number().positive().default(5e-6),
      schedule: scheduleKeys.schedule.default('cosine'),
      warmup: scheduleKeys.warmup.default(0.05),
      aggregation: aggregation.default('token-mean'),
      /** Conversations of a micro-batch, for `micro-batch-token-mean` alone; else 4. */
      microBatch: positive.optional(),
      maxGradientNorm: z.number().positive().default(1),
    })
    .superRefine(expectUsed)
    // Not by a default, which would stand there before it is known whether one was said.
    .transform(({ microBatch = 4, ...rest }) => ({ ...rest, microBatch }))
    .prefault({}),
})

/** One training by GRPO, as a YAML file says it. Defaults: paper, section 4, and where it is silent its release. */
export const grpoSchema = z.strictObject({
  ...common,
  /** Name of a suite, or path of its definition; not needed where `data` names a file. */
  suite: z.string().min(1).optional(),
  /** Rows to learn from, such as those that `codevision data filter` kept. */
  data: file.optional(),
  transforms: z.array(z.enum(TRANSFORMS)).min(1).optional(),
  /** `20`, or `21-40`. */
  limit: z.union([positive, z.string()]).optional(),
  sandbox: evaluationSchema.shape.sandbox,
  agent: evaluationSchema.shape.agent,
  /** What decides whether an answer is right, where the rules do not. */
  judge: judgeSetting.default('none'),
  /** Else as the suite's definition says; of a file that belongs to no suite, `codevision`. */
  scoring: z.enum(SCORING_PROFILES).optional(),
  reward: rewardSchema.prefault({ variant: 'paper' }),
  training: z
    .strictObject({
      ...length,
      /** Prompts of a step. */
      batch: positive.default(64),
      /** Rollouts of each prompt. */
      groupSize: z
        .number()
        .int()
        .min(2, 'expected at least 2 rollouts of a prompt, which are measured against each other')
        .default(8),
      /** Prompts of a mini-batch, one update each; else half of the batch. */
      miniBatch: positive.optional(),
      updateRounds: positive.default(1),
      learningRate: z.number().positive().default(1e-6),
      schedule: scheduleKeys.schedule.default('constant'),
      warmup: scheduleKeys.warmup.default(0),
      maxGradientNorm: z.number().positive().default(1),
      clipLow: share.default(0.2),
      clipHigh: z.number().min(0).default(0.28),
      dualClip: z.number().gt(1).default(10),
      /** Weigh the loss of a token by how much likelier it is to the engine than it was when it was sampled, at most by this; with `oldLogprobs: recomputed`. */
      importanceCap: z.number().positive().optional(),
      klPenalty: z.enum(KL_PENALTIES).default('low_var_kl'),
      /** 0: no reference is kept. */
      klCoefficient: z.number().min(0).default(0.001),
      aggregation: aggregation.default('token-mean'),
      /** Rollouts of a micro-batch, for `micro-batch-token-mean` alone; else 1. */
      microBatch: positive.optional(),
      /** Tokens that a response may have, for `seq-mean-token-sum-norm` alone. */
      width: positive.optional(),
      /** Divide advantages by the deviation of their group. */
      isNormalised: z.boolean().default(true),
      /** `accuracy`: leave out groups that answer all right or all wrong. */
      groupFilter: z.enum(['none', 'accuracy']).default('none'),
      oldLogprobs: z.enum(['recomputed', 'ledger']).default('recomputed'),
      /** Rollouts at the same time. */
      concurrency: positive.default(16),
      /** Rollouts of a step that have not ended by then are cut off and not learned from. */
      deadlineSeconds,
    })
    .refine(({ batch, miniBatch = 1 }) => miniBatch <= batch, {
      error: 'expected at most the prompts of `training.batch`',
      path: ['miniBatch'],
    })
    .superRefine(expectUsed)
    // Not by a default, which would stand there before it is known whether one was said.
    .transform(({ microBatch = 1, ...rest }) => ({ ...rest, microBatch }))
    .prefault({}),
  /** Rollouts on rows that are not learned from. */
  evaluation: z
    .strictObject({
      data: file,
      /** Orientations to ask each of them in, where they are upright; else as they are. */
      transforms: z.array(z.enum(TRANSFORMS)).min(1).optional(),
      limit: positive.optional(),
      every: positive.default(10),
      /** Those that have not ended by then are cut off and counted; else as `training.deadlineSeconds` says. */
      deadlineSeconds,
    })
    .optional(),
  /** Trajectories that are kept for reading. */
  keepSamples: z
    .strictObject({ every: positive.default(1), prompts: z.number().int().min(0).default(2) })
    .prefault({}),
  /** Repetitions of a rollout after a failure of the sandbox. */
  retries: z.number().int().min(0).default(2),
})

export type SftInput = z.input<typeof sftSchema>
export type GrpoInput = z.input<typeof grpoSchema>
export type SftConfig = Omit<z.output<typeof sftSchema>, 'data' | 'name'> & {
  data: readonly string[]
  name: string
}
export type GrpoConfig = Omit<z.output<typeof grpoSchema>, 'name' | 'agent'> & {
  name: string
  agent: Omit<z.output<typeof grpoSchema>['agent'], 'feedback'> & { feedback: 'standard' | 'release' }
}
export type TrainingModel = z.output<typeof model>

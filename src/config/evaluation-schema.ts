import { z } from 'zod'
import { SCORING_PROFILES } from '../core/scoring-profile.js'
import { TRANSFORMS } from '../core/transform.js'
import { requirePrice, usageTerms } from './price-schema.js'
import { toolsSchema } from './tool-schema.js'
import { rewardSchema } from './reward-schema.js'

const positive = z.number().int().positive()
const file = z.string().min(1)

const openai = z
  .strictObject({
    kind: z.literal('openai'),
    /** Name of the model at its server. */
    model: z.string().min(1),
    /** Else OPENAI_BASE_URL. */
    baseUrl: z.url().optional(),
    /** `hermes`: calls stand in the text; `native`: the server's own function calling. */
    toolFormat: z.enum(['hermes', 'native']).default('hermes'),
    temperature: z.number().min(0).optional(),
    topP: z.number().gt(0).max(1).optional(),
    seed: z.number().int().optional(),
    /** Calls at the same time; else as many as samples. A rate limit lowers it for a while. */
    concurrency: positive.optional(),
    timeoutSeconds: z.number().positive().optional(),
    /** Repetitions of one request; when they are used up the sample is a `model-error`, and is not repeated as a whole. */
    retries: z.number().int().min(0).optional(),
    ...usageTerms,
    image: z
      .discriminatedUnion('format', [
        z.strictObject({ format: z.literal('png') }),
        z.strictObject({ format: z.literal('jpeg'), quality: z.number().int().min(1).max(100).default(95) }),
      ])
      .prefault({ format: 'png' }),
  })
  .superRefine(requirePrice('policy'))

const tesseract = z.strictObject({ kind: z.literal('tesseract'), workers: positive.optional() })

/** `run`: folder of the recorded run. */
const replay = z.strictObject({ kind: z.literal('replay'), run: file })

const tfjs = z.strictObject({
  kind: z.literal('tfjs'),
  /** Folder of a checkpoint in the Hugging Face layout. */
  model: file,
  /** What computes; `auto`: the fastest that is there. */
  backend: z.enum(['auto', 'node', 'wasm', 'cpu']).default('auto'),
  /** These three else as the checkpoint's generation_config.json says. */
  temperature: z.number().min(0).optional(),
  topP: z.number().gt(0).max(1).optional(),
  /** 0: all tokens. */
  topK: z.number().int().min(0).optional(),
  seed: z.number().int().optional(),
  /** Conversations that are continued together; else as many as samples. */
  concurrency: positive.optional(),
})

const torch = z.strictObject({
  kind: z.literal('torch'),
  /** Folder of a checkpoint in the Hugging Face layout. */
  model: file,
  /** `auto`: the GPU where PyTorch finds one. */
  device: z.enum(['auto', 'cuda', 'cpu']).default('auto'),
  /** `auto`: bfloat16 on a GPU, float32 else. */
  dtype: z.enum(['auto', 'float32', 'bfloat16']).default('auto'),
  /** These three else as the checkpoint's generation_config.json says. */
  temperature: z.number().min(0).optional(),
  topP: z.number().gt(0).max(1).optional(),
  /** 0: all tokens. */
  topK: z.number().int().min(0).optional(),
  seed: z.number().int().optional(),
  /** Conversations that are continued together; else as many as samples. */
  concurrency: positive.optional(),
  /** What can be trained: nothing, adapters of the text model, all weights. */
  train: z.enum(['none', 'lora', 'full']).default('none'),
  /** Rank and scale of the adapters. */
  lora: z.strictObject({ rank: positive.default(16), alpha: z.number().positive().default(32) }).prefault({}),
  /** The vision tower keeps its weights. */
  freezeVision: z.boolean().default(true),
  /** Activations are computed again on the way back instead of being kept. */
  checkpointing: z.boolean().default(true),
  /** Tokens, padding among them, that are trained at once, and of prompts that are read at once. */
  batchTokens: positive.default(16_384),
})

/** One judge: its server, how it is read, and what it may cost. */
const judge = z
  .strictObject({
    model: z.string().min(1),
    /** Else JUDGE_BASE_URL. */
    baseUrl: z.url().optional(),
    /** `exact`: a 0 or 1 alone; `codevision`: as the released recipe reads the judge's reply. */
    reading: z.enum(['exact', 'codevision']).default('exact'),
    ...usageTerms,
    /** Calls at the same time. */
    concurrency: positive.optional(),
    timeoutSeconds: z.number().positive().optional(),
    /** Repetitions of one request; when they are used up the sample is a `judge-error`, and is not repeated as a whole. */
    retries: z.number().int().min(0).optional(),
  })
  .superRefine(requirePrice('judge'))

/** `none`, or a judge. */
export const judgeSetting = z.union([z.literal('none'), judge])

const sandbox = z
  .strictObject({
    /** `{ socket: PATH }` uses a host that runs already. */
    runtime: z
      .union([z.enum(['auto', 'docker', 'podman', 'bubblewrap', 'none']), z.strictObject({ socket: file })])
      .default('auto'),
    profile: z.enum(['standard', 'release']).default('standard'),
    /** Sandbox hosts that run side by side. */
    hosts: positive.optional(),
    /** Functions that the code may call (docs/host-tools.md). */
    tools: toolsSchema.default([]),
  })
  .refine(({ profile, tools }) => profile === 'standard' || tools.length === 0, {
    path: ['tools'],
    error: 'expected none under profile release, since the released environment has none',
  })

const agentKeys = z.strictObject({
  /** False: the model answers directly, for the base rows of a table. */
  tools: z.boolean().default(true),
  parsing: z.enum(['robust', 'hermes']).default('robust'),
  /** How results are told to the model; else as the sandbox's profile does. */
  feedback: z.enum(['standard', 'release']).optional(),
  /** Text files that replace the built-in system prompt and tool description. */
  systemPrompt: file.optional(),
  toolDescription: file.optional(),
  /** Tell the model of the functions in `sandbox.tools`, at the end of the system prompt; else the prompt is as it would be without them. */
  describeTools: z.boolean().default(false),
  /** Assistant turns. */
  turns: positive.default(12),
  tokensPerTurn: positive.optional(),
  /** Characters of one turn; a longer one is cut there and counts as truncated. */
  charactersPerTurn: positive.default(100_000),
  /** Tokens of the whole conversation: kept by tfjs and torch; of a server's model a turn may write what the last one left. */
  totalTokens: positive.optional(),
  /** Of one call of the tool. */
  timeoutSeconds: z.number().positive().default(10),
  /** Bounds of width × height of the copy the model sees; 28² pixels are one visual token of Qwen2.5-VL. */
  minPixels: positive.default(28 * 28),
  maxPixels: positive.default(8192 * 28 * 28),
})

const agent = agentKeys.refine(({ minPixels, maxPixels }) => minPixels <= maxPixels, {
  path: ['maxPixels'],
  error: ({ input }) => {
    const { minPixels } = input as { minPixels: number }
    return `expected at least \`minPixels\` (${minPixels})`
  },
})

/** One evaluation, as a YAML file says it. */
export const evaluationSchema = z.strictObject({
  /** Name of a suite in benchmarks/suites, or path of a suite's YAML; not needed where `data` names a file. */
  suite: z.string().min(1).optional(),
  /** Local parquet, JSONL or TSV file of the suite, or a folder of them (of pictures, where the suite draws its questions from one). */
  data: file.optional(),
  /** Orientations to ask each row in, made from its image; else those of the suite's definition, else as the rows are. */
  transforms: z.array(z.enum(TRANSFORMS)).min(1).optional(),
  policy: z
    .discriminatedUnion('kind', [openai, tesseract, tfjs, torch, replay])
    .prefault({ kind: 'tesseract' }),
  /** Must be said: `none`, or a model; JUDGE_MODEL counts as said. */
  judge: judgeSetting.optional(),
  /** Keep the replies of policy and judge in the cache directory, and take from there what was asked before. */
  cache: z.boolean().default(true),
  /** YAML file of prices by model, for those that have none of their own here. */
  prices: file.optional(),
  /** Else as the suite's definition says; of a file that belongs to no suite, `codevision`. */
  scoring: z.enum(SCORING_PROFILES).optional(),
  /** Rewards of the rollouts, stored beside the samples when the run is over, as `codevision score --reward-config` does. */
  reward: rewardSchema.optional(),
  sandbox: sandbox.prefault({}),
  agent: agent.prefault({}),
  /** `20`, or `21-40`. */
  limit: z.union([positive, z.string()]).optional(),
  /** The data set's own names of the rows to take. */
  sampleIds: z
    .array(z.union([z.string(), z.number()]).transform(String))
    .min(1)
    .optional(),
  epochs: positive.default(1),
  /** `2/4`: the second of four parts. */
  shard: z.string().optional(),
  /** Samples at the same time. */
  concurrency: positive.default(4),
  /** Samples in a row that the model's server may fail before the run is stopped; else 20 for each that runs at the same time. */
  stopAfterFailures: positive.optional(),
  /** Repetitions of a sample after a failure of the sandbox; those of requests to a server are `policy.retries` and `judge.retries`. */
  retries: z.number().int().min(0).default(2),
  seed: z.number().int().default(0),
  /** Name of the run; else made of suite, policy and time. */
  name: z
    .string()
    .regex(/^[\w][\w.+-]*$/, 'expected letters, digits and . _ + - only')
    .optional(),
  /** Row of the paper's tables that the run stands beside (`codevision report --paper`); else guessed from the model's name. */
  paperRow: z.string().min(1).optional(),
  /** Folder that holds the runs. */
  output: file.default('runs'),
})

export type EvaluationInput = z.input<typeof evaluationSchema>

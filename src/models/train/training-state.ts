import { z } from 'zod'
import { MODEL_PARTS } from '../../core/training-choices.js'

/** Folder, within a checkpoint, of what only the trainer reads. */
export const TRAINER_FOLDER = 'trainer'
/** Written last: a checkpoint with it is whole. */
export const STATE_FILE = `${TRAINER_FOLDER}/state.json`
export const MOMENTS_FILE = `${TRAINER_FOLDER}/optimizer.safetensors`
/** Folder, within a checkpoint, of adapters as PEFT reads them. */
export const ADAPTER_FOLDER = 'adapter'

const trains = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('parts'), parts: z.array(z.enum(MODEL_PARTS)).readonly() }),
  z.object({
    kind: z.literal('lora'),
    rank: z.number().int().positive(),
    alpha: z.number(),
    targets: z.array(z.string()).readonly(),
  }),
])

/** What a checkpoint tells of the training that wrote it, beside weights and moments. */
export const trainingStateSchema = z.object({
  version: z.literal(1),
  /** Updates so far. */
  steps: z.number().int().min(0),
  /** Names the weights: what they began as, and what was done to them. */
  identity: z.string(),
  /** SHA-256 of the checkpoint that was opened to be trained. */
  base: z.string(),
  trains,
  optimizer: z.object({
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
    weightDecay: z.number(),
  }),
})

export type TrainingState = z.output<typeof trainingStateSchema>

import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import { boardSchema } from '../../data/card-board/board-config.js'
import { MINI_TASKS, type MiniTaskName } from './mini-sample.js'
import { shapeSchema } from './mini-shape.js'
import { MISTAKES } from './mistakes.js'

const share = z.number().min(0).max(1)
const count = z.number().int().positive()
const weight = z.number().min(0)

const mixture = z
  .partialRecord(z.enum(MINI_TASKS), weight)
  .refine((weights) => Object.values(weights).some((value) => value > 0), {
    error: 'expected a share above 0 of one task at least',
  })

const phase = z.strictObject({
  /** Of this phase; the last phase has the rest. */
  steps: count.optional(),
  /** How often each task comes, in proportion to the others. */
  mixture,
})

const schema = z
  .strictObject({
    /** Of weights and data. */
    seed: z.number().int().default(0),
    /** Folder of the checkpoint to start from; absent: a new model. */
    from: z.string().min(1).optional(),
    shape: shapeSchema.prefault({}),
    boards: boardSchema.omit({ seed: true }).prefault({}),
    phases: z.array(phase).min(1),
    mistakes: z
      .strictObject({
        /** Of trajectories with a mistake in them. */
        share: share.default(0.15),
        kinds: z
          .array(z.enum(MISTAKES))
          .min(1)
          .default([...MISTAKES]),
        /** Whether the turn that makes the mistake is learned too. */
        learned: z.boolean().default(false),
      })
      .prefault({}),
    /** Of the trajectories over small cards, those whose teacher answers without the crop that reading takes. */
    hasty: share.default(0),
    /** Of all trajectories, those whose teacher looks closer once or twice more than is needed. */
    curious: share.default(0),
    steps: count,
    /** Samples of a step. */
    batch: count.default(32),
    /** Samples that are computed at a time; fewer in training on `wasm` where they are long. */
    samplesAtOnce: count.default(16),
    learningRate: z.number().positive().default(0.001),
    /** Share of it that is left at the last step; it falls as a cosine does. */
    finalShare: share.default(0.1),
    warmupSteps: z.number().int().min(0).default(50),
    weightDecay: z.number().min(0).default(0.01),
    maxGradientNorm: z.number().positive().default(1),
    /** Steps between checkpoints, and between measurements. */
    saveEvery: count.default(100),
    measureEvery: count.default(100),
    /** Samples of each task in a measurement. */
    measured: count.default(48),
    backend: z.enum(['auto', 'node', 'wasm', 'cpu']).default('auto'),
  })
  .refine(({ phases }) => phases.slice(0, -1).every(({ steps }) => steps !== undefined), {
    path: ['phases'],
    error: 'expected `steps` of every phase but the last',
  })

export type MiniStageConfig = Readonly<z.output<typeof schema>>
export type Mixture = Readonly<Partial<Record<MiniTaskName, number>>>

/** Check the configuration of a stage of the mini experiment. @throws UsageError naming what was expected and what came. */
export function parseMiniConfig({ value, where }: { value: unknown; where: string }): MiniStageConfig {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  throw new UsageError(explainIssues({ error: result.error, schema, where: () => where }).join('\n'))
}

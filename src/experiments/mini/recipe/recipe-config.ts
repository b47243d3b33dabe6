import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { TRANSFORMS } from '../../../core/transform.js'
import { checkYaml, readYaml } from '../../../config/read-yaml.js'
import { boardSchema, type BoardConfig } from '../../../data/card-board/board-config.js'
import { MOST_BOARDS } from '../../../data/card-board/write-boards.js'
import { parseMiniConfig, type MiniStageConfig } from '../mini-config.js'
import { stageSeed } from './stage-seed.js'

const count = z.number().int().positive()
const file = z.string().min(1)
const stage = {
  /** Of its folder. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'expected lower-case letters, digits and hyphens' }),
  /** The stage's own configuration, beside the recipe. */
  config: file,
  /** How long it takes, as a hint. */
  minutes: z.number().positive().optional(),
}

const schema = z.strictObject({
  /** In order: each begins with the checkpoint of the one before, the first with new weights. */
  stages: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('supervised'), ...stage }),
        z.strictObject({
          kind: z.literal('grpo'),
          ...stage,
          /** What it learns from, drawn when the stage begins. */
          boards: boardSchema.extend({ seed: z.string().default('rl'), rows: count }),
        }),
      ]),
    )
    .min(1)
    .refine((stages) => stages[0]?.kind === 'supervised', {
      error: 'expected a supervised stage first: GRPO begins with a model',
    })
    .refine((stages) => new Set(stages.map(({ name }) => name)).size === stages.length, {
      error: 'expected a name of its own for each stage',
    }),
  /** The tasks that the checkpoints are measured by at the end; the same for every seed of the recipe. */
  evaluation: z
    .strictObject({
      seed: z.string().default('evaluation'),
      rows: count.min(TRANSFORMS.length).max(MOST_BOARDS).default(1200),
    })
    .prefault({}),
})

interface StageHead {
  readonly name: string
  readonly minutes: number | null
}

export interface SupervisedStage extends StageHead {
  readonly kind: 'supervised'
  readonly config: MiniStageConfig
}

export interface GrpoStage extends StageHead {
  readonly kind: 'grpo'
  /** The configuration's file, absolute. */
  readonly path: string
  /** Null: that of the file. */
  readonly seed: number | null
  readonly boards: BoardConfig
  readonly rows: number
}

export type RecipeStage = SupervisedStage | GrpoStage

/** The whole mini experiment as data. */
export interface MiniRecipe {
  readonly stages: readonly RecipeStage[]
  readonly evaluation: { readonly seed: string; readonly rows: number }
}

/**
 * Read a recipe and the configurations of its supervised stages.
 * @param parameters.seed varies weights, data and sampling of every stage; null: seeds are those of the files
 * @throws UsageError naming file, line and key, what was expected and what came.
 */
export async function loadMiniRecipe({
  path,
  seed,
}: {
  path: string
  seed: number | null
}): Promise<MiniRecipe> {
  const { stages, evaluation } = checkYaml({ file: await readYaml(path), schema })
  const loaded: RecipeStage[] = []
  for (const given of stages) {
    const { name, minutes = null } = given
    const config = resolve(dirname(path), given.config)
    const own = seed === null ? null : stageSeed({ seed, stage: name })
    if (given.kind === 'supervised') {
      const value = { ...objectOf((await readYaml(config)).value), ...(own !== null && { seed: own }) }
      loaded.push({ kind: 'supervised', name, minutes, config: parseMiniConfig({ value, where: config }) })
    } else {
      const { rows, ...boards } = given.boards
      const varied = seed === null ? boards : { ...boards, seed: `${boards.seed}/${seed}` }
      loaded.push({ kind: 'grpo', name, minutes, path: config, seed: own, boards: varied, rows })
    }
  }
  return { stages: loaded, evaluation }
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

import { basename, join, resolve } from 'node:path'
import { makeFolder } from '../config/make-folder.js'
import { UsageError } from '../core/errors.js'
import type { MiniEngine } from '../experiments/mini/engines/mini-engine.js'
import {
  loadMiniRecipe,
  type MiniRecipe,
  type RecipeStage,
} from '../experiments/mini/recipe/recipe-config.js'
import { keepBeginning } from '../experiments/mini/recipe/keep-beginning.js'
import { stageProgress, type StageProgress } from '../experiments/mini/recipe/stage-progress.js'
import { writeCurves } from '../experiments/mini/recipe/write-curves.js'
import { takeLock } from '../store/lock.js'
import { torchPython } from '../wiring.js'
import { finishMiniRecipe } from './finish-mini-recipe.js'
import { grpoStageConfig, trainMiniStage } from './train-mini-stage.js'

export interface TrainMiniRecipe {
  /** Configuration of the recipe. */
  path: string
  output: string
  seed: number | null
  /** Names of those to train; null: all. */
  stages: readonly string[] | null
  /** Checkpoint that the first of them begins with, instead of that of the stage before it. */
  from: string | null
  engine: MiniEngine
  /** The command that goes on. */
  again: string
}

const warn = (line: string): void => console.error(line)

/**
 * Run the mini experiment, or go on with it: its stages one after the other, curves of all of them, and when all are finished what is shipped and its evaluation.
 * @throws UsageError before anything is trained where stages are unknown, a configuration is wrong, the seed is another or the engine is not installed; before a stage is trained where what it begins with is not there, or it began otherwise.
 */
export async function trainMiniRecipe({
  path,
  output,
  seed,
  stages: names,
  from,
  engine,
  again,
}: TrainMiniRecipe): Promise<'complete' | 'incomplete' | 'interrupted'> {
  if (engine === 'torch') await torchPython()
  const recipe = await loadMiniRecipe({ path, seed })
  const chosen = chooseStages({ recipe, names })
  const folder = resolve(output)
  await makeFolder(folder)
  const lock = await takeLock(join(folder, 'lock.json'))
  try {
    // One seed for all stages, whenever each of them is trained.
    await keepBeginning({
      folder,
      values: { seed },
      inWords: { seed: seed === null ? 'those of the configurations' : String(seed) },
      isBegun: await isBegun({ recipe, folder }),
    })
    // A mistake in what comes last is told before hours of what comes first.
    for (const stage of chosen)
      if (stage.kind === 'grpo') await grpoStageConfig({ stage, output: folder, from: null, engine })
    for (const [at, stage] of chosen.entries()) {
      warn(await introduction({ recipe, stage, folder }))
      const start = at === 0 && from !== null ? from : await startOf({ recipe, stage, folder })
      const status = await trainMiniStage({ stage, output: folder, from: start, engine, again })
      const curves = await writeCurves({ folder, title: basename(folder), stages: recipe.stages })
      if (curves !== null && (status === 'interrupted' || stage === chosen.at(-1)))
        console.log(`Curves: ${curves}`)
      if (status === 'interrupted') {
        console.log(`To go on: ${again}`)
        return 'interrupted'
      }
    }
    const progress = await progressOf({ recipe, folder })
    if (![...progress.values()].every(({ isFinished }) => isFinished)) return 'complete'
    return await finishMiniRecipe({ recipe, folder, progress, engine, again })
  } finally {
    await lock.release()
  }
}

function chooseStages({
  recipe,
  names,
}: {
  recipe: MiniRecipe
  names: readonly string[] | null
}): RecipeStage[] {
  const known = recipe.stages.map(({ name }) => name)
  if (names?.length === 0)
    throw new UsageError(`--stages: expected stages of the recipe (${known.join(', ')}), got none`)
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`--stages: expected stages of the recipe (${known.join(', ')}), got ${unknown}`)
  return recipe.stages.filter(({ name }) => names === null || names.includes(name))
}

/** Whether a step of any stage was made. */
async function isBegun(where: { recipe: MiniRecipe; folder: string }): Promise<boolean> {
  return [...(await progressOf(where)).values()].some((stage) => stage.isBegun)
}

/** What the stage before it ended with; null for the first. */
async function startOf({
  recipe: { stages },
  stage,
  folder,
}: {
  recipe: MiniRecipe
  stage: RecipeStage
  folder: string
}): Promise<string | null> {
  const before = stages[stages.indexOf(stage) - 1]
  if (before === undefined) return null
  const own = join(folder, before.name)
  const { isFinished, checkpoint, steps } = await stageProgress({ folder: own, stage: before })
  if (isFinished && checkpoint !== null) return checkpoint
  throw new UsageError(
    `the stage ${stage.name} begins with what ${before.name} ends with: expected that in ${own}, got ${steps === 0 ? 'nothing' : `a checkpoint after ${steps} steps`}; train ${before.name} first, or name a checkpoint (--from)`,
  )
}

async function introduction({
  recipe: { stages },
  stage,
  folder,
}: {
  recipe: MiniRecipe
  stage: RecipeStage
  folder: string
}): Promise<string> {
  const { steps } = await stageProgress({ folder: join(folder, stage.name), stage })
  return [
    `\n${stage.name}, stage ${stages.indexOf(stage) + 1} of ${stages.length}`,
    ...(stage.minutes === null ? [] : [`about ${stage.minutes} min on two free cores`]),
    ...(steps === 0 ? [] : [`${steps} steps were taken before`]),
  ].join(' · ')
}

async function progressOf({
  recipe,
  folder,
}: {
  recipe: MiniRecipe
  folder: string
}): Promise<Map<string, StageProgress>> {
  const progress = new Map<string, StageProgress>()
  for (const stage of recipe.stages)
    progress.set(stage.name, await stageProgress({ folder: join(folder, stage.name), stage }))
  return progress
}

import { join } from 'node:path'
import type { MiniEngine } from '../experiments/mini/engines/mini-engine.js'
import { MINI_STAGES, type MiniStage } from '../experiments/mini/mini-stages.js'
import { modelCard } from '../experiments/mini/model-card.js'
import type { MiniRecipe } from '../experiments/mini/recipe/recipe-config.js'
import type { StageProgress } from '../experiments/mini/recipe/stage-progress.js'
import { shipCheckpoint } from '../experiments/mini/ship-checkpoint.js'
import type { StageFigures } from '../experiments/mini/stage-figures.js'
import { stagesTable } from '../experiments/mini/stages-table.js'
import { countParameters } from '../models/checkpoint/count-parameters.js'
import { writeAtomic } from '../store/write-atomic.js'
import { runMiniExperiment } from './run-mini-experiment.js'

const ADVICE = 'free space or permissions, then give the command again'

/** What follows when all stages are trained: checkpoints in BF16 with their cards, and the evaluation of those. Given again, it goes on with the evaluation where it was. */
export async function finishMiniRecipe({
  recipe: { evaluation },
  folder,
  progress,
  engine,
  again,
}: {
  recipe: MiniRecipe
  folder: string
  /** Of all stages by name. */
  progress: ReadonlyMap<string, StageProgress>
  engine: MiniEngine
  again: string
}): Promise<'complete' | 'incomplete' | 'interrupted'> {
  const checkpoints = join(folder, 'checkpoints')
  const shipped = MINI_STAGES.filter((stage) => progress.has(stage))
  for (const stage of shipped) {
    const from = progress.get(stage)?.checkpoint
    if (from == null) continue
    await shipCheckpoint({ from, to: join(checkpoints, stage) })
    // Until it is measured it has no figures; those of other weights are not its own.
    await writeCard({ checkpoints, stage, figures: null })
  }
  if (shipped.length === 0) return 'complete'
  const own = join(folder, 'evaluation')
  const result = await runMiniExperiment({
    ...{ ...evaluation, stages: shipped, checkpoints, folder: own, engine, again },
  })
  if (result.status !== 'complete') return result.status
  const { figures } = result
  await writeAtomic({
    path: join(folder, 'evaluation.json'),
    data: `${JSON.stringify(figures, null, 2)}\n`,
    advice: ADVICE,
  })
  for (const stage of shipped) await writeCard({ checkpoints, stage, figures: figures[stage] ?? null })
  console.log(stagesTable(figures))
  console.log(`Checkpoints with their cards: ${checkpoints}`)
  return 'complete'
}

async function writeCard({
  checkpoints,
  stage,
  figures,
}: {
  checkpoints: string
  stage: MiniStage
  figures: StageFigures | null
}): Promise<void> {
  const directory = join(checkpoints, stage)
  const parameters = await countParameters(directory)
  await writeAtomic({
    path: join(directory, 'README.md'),
    data: modelCard({ stage, parameters, figures }),
    advice: ADVICE,
  })
}

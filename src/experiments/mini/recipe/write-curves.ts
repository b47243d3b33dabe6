import { join } from 'node:path'
import { curvesPage, type TrainedStage } from '../../../report/curves/curves-page.js'
import { readTrainingCurves } from '../../../report/training-curves.js'
import { readLines } from '../../../store/lines.js'
import { writeAtomic } from '../../../store/write-atomic.js'
import type { RecipeStage } from './recipe-config.js'

const FILE = 'training.html'

/** Write training.html with the curves of all stages of a recipe that have begun. @returns its path, or null where none has. */
export async function writeCurves({
  folder,
  title,
  stages,
}: {
  /** Holds a folder for each stage. */
  folder: string
  title: string
  stages: readonly RecipeStage[]
}): Promise<string | null> {
  const begun: TrainedStage[] = []
  for (const stage of stages) {
    const curves = await readTrainingCurves({
      readLines: (name) => readLines(join(folder, stage.name, name)),
    })
    if (curves === null) continue
    const taken = curves.steps.at(-1) ?? 0
    begun.push({ name: stage.name, about: aboutStage({ stage, taken }), curves })
  }
  if (begun.length === 0) return null
  const path = join(folder, FILE)
  await writeAtomic({
    path,
    data: await curvesPage({ title, stages: begun }),
    advice: 'free space or permissions, then give the command again',
  })
  return path
}

function aboutStage({ stage, taken }: { stage: RecipeStage; taken: number }): string {
  switch (stage.kind) {
    case 'supervised': {
      const { steps, batch, learningRate, seed } = stage.config
      return `${taken} of ${steps} steps of ${batch} samples, learning rate ${learningRate}, seed ${seed}.`
    }
    case 'grpo':
      return `GRPO, ${taken} steps over ${stage.rows} boards.`
  }
}

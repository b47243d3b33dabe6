import { mean } from '../../../core/mean.js'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { clusteredMean } from '../../../evaluation/statistics/clustered-mean.js'
import { wilson, type Interval } from '../../../evaluation/statistics/wilson.js'
import { MINI_STAGES, type MiniStage } from '../mini-stages.js'
import type { TransformFigures } from '../stage-figures.js'
import type { TrainedSeed } from './trained-seed.js'

/** One stage on one transformation, over trainings that differ in their seeds; `all`: the six transformations together, each weighing the same. */
export interface SeedsFigures {
  readonly stage: MiniStage
  readonly transform: Transform | 'all'
  /** Each training that has the stage, in their order. */
  readonly trainings: readonly { readonly label: string; readonly accuracy: number }[]
  readonly mean: number
  /** 95 %, within 0…1; null where trainings are all alike, which says nothing of others. */
  readonly interval: Interval | null
  /** `tasks`: Wilson's interval of one training, which knows of other tasks and not of other trainings; `seeds`: t interval of the mean over trainings, on the same tasks. */
  readonly basis: 'tasks' | 'seeds'
  /** Mean turns over trainings. */
  readonly turns: number
  /** Calls that failed, of all trainings together. */
  readonly toolErrors: number
}

/** Accuracies of several trainings, stage after stage, each transformation and then all of them. A stage that no training has is left out. */
export function acrossSeeds(seeds: readonly TrainedSeed[]): SeedsFigures[] {
  return MINI_STAGES.flatMap((stage) => {
    const trained = seeds.flatMap(({ label, stages }) => {
      const figures = stages[stage]
      return figures === undefined ? [] : [{ label, figures }]
    })
    if (trained.length === 0) return []
    return [
      ...TRANSFORMS.map((transform) =>
        together({
          ...{ stage, transform },
          trained: trained.map(({ label, figures }) => ({ label, ...figures[transform] })),
        }),
      ),
      together({
        ...{ stage, transform: 'all' },
        trained: trained.map(({ label, figures }) => ({ label, ...allOf(Object.values(figures)) })),
      }),
    ]
  })
}

type Figures = Pick<TransformFigures, 'n' | 'accuracy' | 'turns' | 'toolErrors'>

function allOf(figures: readonly TransformFigures[]): Figures {
  return {
    n: figures.reduce((sum, { n }) => sum + n, 0),
    accuracy: mean(figures.map(({ accuracy }) => accuracy)),
    turns: mean(figures.map(({ turns }) => turns)),
    toolErrors: figures.reduce((sum, { toolErrors }) => sum + toolErrors, 0),
  }
}

function together({
  trained,
  ...name
}: Pick<SeedsFigures, 'stage' | 'transform'> & {
  trained: readonly (Figures & { label: string })[]
}): SeedsFigures {
  const [first, ...others] = trained
  return {
    ...name,
    trainings: trained.map(({ label, accuracy }) => ({ label, accuracy })),
    mean: mean(trained.map(({ accuracy }) => accuracy)),
    ...(first !== undefined && others.length === 0
      ? { basis: 'tasks', interval: overTasks(first) }
      : { basis: 'seeds', interval: overSeeds(trained.map(({ accuracy }) => accuracy)) }),
    turns: mean(trained.map(({ turns }) => turns)),
    toolErrors: trained.reduce((sum, { toolErrors }) => sum + toolErrors, 0),
  }
}

function overTasks({ accuracy, n }: Figures): Interval {
  return wilson({ successes: accuracy * n, n })
}

function overSeeds(accuracies: readonly number[]): Interval | null {
  const over = clusteredMean(accuracies.map((value, at) => ({ cluster: String(at), value })))
  if (over?.interval == null || (over.standardError ?? 0) < 1e-12) return null
  const [low, high] = over.interval
  return [Math.max(0, low), Math.min(1, high)]
}

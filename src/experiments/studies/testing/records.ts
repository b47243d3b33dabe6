import { TRANSFORMS } from '../../../core/transform.js'
import type { TrainingCurves } from '../../../report/training-curves.js'
import type { MeasuredSeed } from '../measured-arm.js'
import type { TaskRecord } from '../task-record.js'

/** What tasks of an invented arm are like: shares of tasks, and means, reached as evenly as can be. */
export interface Invented {
  accuracy: number
  toolTurns?: number
  tokens?: number
}

/** Records of `count` tasks, one transformation after the other, every other task with a crop. Of arms of the same seed the tasks are the same. */
export function inventedRecords(
  { accuracy, toolTurns = 1, tokens = 30 }: Invented,
  count = 240,
): TaskRecord[] {
  return Array.from({ length: count }, (_, at) => {
    const transform = TRANSFORMS[at % TRANSFORMS.length] ?? 'none'
    const needsCrop = Math.floor(at / TRANSFORMS.length) % 2 === 1
    const requiredTools = Number(transform !== 'none') + Number(needsCrop)
    const isCorrect = reached(accuracy, at, count)
    // Whole numbers, whose mean is what was asked for.
    const turns = Math.floor(toolTurns) + Number(reached(toolTurns % 1, at, count))
    return {
      key: `task-${at}`,
      cluster: `task-${at}`,
      ...{ transform, requiredTools, needsCrop, isCorrect, tokens: tokens + (at % 3) },
      toolTurns: turns,
      superfluousTurns: Math.max(0, turns - requiredTools),
      isTurnedBack: isCorrect && transform !== 'none',
    }
  })
}

/** Spread over the tasks in an order that has nothing to do with their transformations. */
function reached(share: number, at: number, count: number): boolean {
  return (at * 97) % count < Math.round(share * count)
}

export function inventedSeed({
  seed = 0,
  curves = null,
  count,
  evaluation = `seed-${seed}`,
  ...invented
}: Invented & {
  seed?: number
  curves?: TrainingCurves | null
  count?: number
  evaluation?: string
}): MeasuredSeed {
  return {
    seed,
    records: inventedRecords(invented, count),
    curves,
    folders: {
      training: curves && '/runs/studies/arms/one',
      evaluation: `/runs/studies/evaluations/${evaluation}`,
    },
  }
}

import type { TrainedArm } from './arm.js'
import type { HeldRows, Rows, StudyRows } from './rows/study-rows.js'
import type { NamedArm, Study } from './study.js'

/** An arm under one seed with the rows that it takes. */
export interface PlannedArm {
  readonly named: NamedArm
  readonly seed: number
  /** What it learns from and is measured on meanwhile; null where nothing is trained. */
  readonly training: PlannedTraining | null
  readonly held: HeldRows
}

export interface PlannedTraining {
  readonly arm: TrainedArm
  readonly rows: Rows
  readonly measured: HeldRows & { readonly every: number }
}

/** Ask for the rows of every arm, so that what cannot be had is told before the first is trained. @throws UsageError where some cannot. */
export async function plannedArms({
  study: { arms, transforms },
  rows,
  seeds,
}: {
  study: Study
  rows: StudyRows
  seeds: readonly number[]
}): Promise<PlannedArm[]> {
  const planned: PlannedArm[] = []
  for (const seed of seeds)
    for (const named of arms) {
      const { arm } = named
      const training =
        arm.kind === 'checkpoint'
          ? null
          : {
              arm,
              rows: await rows.training({ transforms: arm.transforms, rows: arm.rows, seed }),
              measured: await rows.measured({ transforms: arm.measuredOn, seed }),
            }
      planned.push({ named, seed, training, held: await rows.evaluation({ transforms, seed }) })
    }
  return planned
}

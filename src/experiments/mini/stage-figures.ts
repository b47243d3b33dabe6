import { TRANSFORMS, type Transform } from '../../core/transform.js'
import type { Summary } from '../../evaluation/summary/summary.js'

/** How a stage does on pictures to which one transformation was applied. */
export interface TransformFigures {
  /** Tasks that were scored. */
  readonly n: number
  readonly accuracy: number
  /** Wilson interval of the accuracy, 95 %. */
  readonly low: number
  readonly high: number
  /** Mean turns of the model, the one with the answer included. */
  readonly turns: number
  /** Calls of the tool that failed. */
  readonly toolErrors: number
}

export type StageFigures = Readonly<Record<Transform, TransformFigures>>

/** What the mini experiment reports of a stage. @throws RangeError when of some transformation nothing was scored. */
export function stageFigures({ byTransform }: Pick<Summary, 'byTransform'>): StageFigures {
  return Object.fromEntries(
    TRANSFORMS.map((transform) => {
      const rates = byTransform[transform]
      const { accuracy, interval, meanTurns } = rates ?? {}
      if (!rates || accuracy == null || interval == null || meanTurns == null)
        throw new RangeError(`expected scored tasks of ${transform}, got none`)
      const [low, high] = interval
      return [transform, { n: rates.n, accuracy, low, high, turns: meanTurns, toolErrors: rates.toolErrors }]
    }),
  ) as Record<Transform, TransformFigures>
}

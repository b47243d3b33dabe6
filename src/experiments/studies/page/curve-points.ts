import type { TrainingCurves } from '../../../report/training-curves.js'

/** A figure of a training after a step: its mean over seeds, and the least and most of them. */
export interface CurvePoint {
  readonly step: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

/**
 * A figure step by step over the trainings of an arm, steps at which every seed has it.
 * @param parameters.window steps over which each training's values are averaged, the step in the middle; 1: none
 */
export function curvePoints({
  curves,
  name,
  window,
}: {
  curves: readonly TrainingCurves[]
  name: string
  window: number
}): CurvePoint[] {
  const all = curves.map((curve) => smoothed({ values: valuesOf({ curve, name }), window }))
  const [first, ...others] = all
  return [...(first ?? [])].flatMap(([step, value]) => {
    const values = [value, ...others.flatMap((other) => other.get(step) ?? [])]
    if (values.length < all.length) return []
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length
    return [{ step, mean, low: Math.min(...values), high: Math.max(...values) }]
  })
}

function valuesOf({ curve, name }: { curve: TrainingCurves; name: string }): (readonly [number, number])[] {
  const values = curve.figures.find(([figure]) => figure === name)?.[1] ?? []
  return curve.steps.flatMap((step, at) => {
    const value = values[at]
    return value == null ? [] : [[step, value] as const]
  })
}

function smoothed({
  values,
  window,
}: {
  values: readonly (readonly [number, number])[]
  window: number
}): Map<number, number> {
  const half = Math.floor(window / 2)
  return new Map(
    values.map(([step], at) => {
      const near = values.slice(Math.max(0, at - half), at + half + 1)
      return [step, near.reduce((sum, [, value]) => sum + value, 0) / near.length]
    }),
  )
}

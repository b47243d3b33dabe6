import type { RowPlan } from './plan-row.js'

/** How many rows there are of each value of each choice. */
export type PlanTally = Record<
  'family' | 'style' | 'kind' | 'transform' | 'corruption' | 'images',
  Record<string, number>
>

export function createTally(): { tally: PlanTally; add: (plan: RowPlan) => void } {
  const tally: PlanTally = { family: {}, style: {}, kind: {}, transform: {}, corruption: {}, images: {} }
  const count = (choice: keyof PlanTally, value: string): void => {
    tally[choice][value] = (tally[choice][value] ?? 0) + 1
  }
  return {
    tally,
    add: ({ family, style, kind, transform, corruption, isPair }) => {
      count('family', family)
      count('style', style)
      count('kind', kind)
      count('transform', transform)
      count('corruption', corruption ?? 'none')
      count('images', isPair ? '2' : '1')
    },
  }
}

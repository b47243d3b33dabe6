import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS } from '../../../core/transform.js'
import type { Comparison, NamedArm, Study } from '../study.js'
import { FULL_ARM } from './common-arms.js'

/** The paper's own weights. */
const PAPER = { beta1: 1, beta2: 0.5 } as const

/** How far the result hangs on the two weights of the reward. @throws UsageError for a grid of less than two cells, or negative weights. */
export function betaSweep({ beta1, beta2 }: { beta1: readonly number[]; beta2: readonly number[] }): Study {
  const [rows, columns] = [ascending(beta1), ascending(beta2)]
  if (rows.length * columns.length < 2 || [...rows, ...columns].some((weight) => !isWeight(weight)))
    throw new UsageError(
      `--beta1, --beta2: expected at least two pairs of weights from 0 on, got ${beta1.join(' ')} and ${beta2.join(' ')}`,
    )
  const arms = rows.flatMap((row) =>
    columns.map((column): NamedArm => ({
      name: nameOf(row, column),
      arm: { ...FULL_ARM, reward: { beta1: row, beta2: column } },
    })),
  )
  const has = (row: number, column: number): boolean => rows.includes(row) && columns.includes(column)
  const comparisons: Comparison[] = []
  if (has(PAPER.beta1, PAPER.beta2)) {
    const full = nameOf(PAPER.beta1, PAPER.beta2)
    if (has(0, PAPER.beta2))
      comparisons.push({
        what: "Accuracy with the paper's weights against no strategy (β1 = 0)",
        measure: 'accuracy',
        of: full,
        against: nameOf(0, PAPER.beta2),
        expected: { direction: 'higher' },
      })
    if (has(PAPER.beta1, 0))
      comparisons.push({
        what: "Tool turns without penalty (β2 = 0) against the paper's weights",
        measure: 'toolTurns',
        of: nameOf(PAPER.beta1, 0),
        against: full,
        expected: { direction: 'higher' },
      })
    for (const { name } of arms)
      if (name !== full && name !== nameOf(0, PAPER.beta2))
        comparisons.push({
          what: `Accuracy with ${name} against the paper's weights`,
          measure: 'accuracy',
          of: name,
          against: full,
          expected: { direction: 'open' },
        })
  }
  return {
    name: 'beta-sweep',
    title: 'How much hangs on β1 and β2',
    statement: [
      'The paper trains with β1 = 1.0 and β2 = 0.5 and shows the two ends of its ablation: without strategy accuracy falls, without penalty tool turns climb to 3.5 to 4.',
      'How results move between these ends, it leaves open.',
    ],
    arms,
    transforms: TRANSFORMS,
    comparisons,
    grid: {
      rows: { label: 'β1', values: rows },
      columns: { label: 'β2', values: columns },
      armAt: nameOf,
    },
    shown: ['toolTurns'],
  }
}

const isWeight = (weight: number): boolean => Number.isFinite(weight) && weight >= 0

const nameOf = (beta1: number, beta2: number): string => `β1 = ${beta1}, β2 = ${beta2}`

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS } from '../../../core/transform.js'
import type { NamedArm, Study } from '../study.js'
import { BEFORE, FULL, FULL_ARM } from './common-arms.js'

/**
 * What more steps and more data do.
 * @param parameters.most questions that the steps of an arm can take, which the last arm takes; null: that is not known
 * @param parameters.batch questions of a step, which fewer do not fill
 * @throws UsageError for counts that are no whole numbers from that on, or not fewer than the most.
 */
export function scaling({
  rowCounts,
  most,
  batch,
}: {
  rowCounts: readonly number[]
  most: number | null
  batch: number
}): Study {
  const isCount = (count: number): boolean =>
    Number.isInteger(count) && count >= batch && (most === null || count < most)
  if (rowCounts.length === 0 || !rowCounts.every(isCount)) {
    const least = `whole numbers from ${batch}${batch === 1 ? '' : ' (the questions of one step, training.batch)'}`
    const expected =
      most === null
        ? `${least} on`
        : `${least} to ${most - 1}, since an arm takes ${most} questions at the most (steps × batch, or those of its rows) and one with all of them is trained in any case`
    throw new UsageError(`--row-counts: expected ${expected}, got ${rowCounts.join(' ') || 'none'}`)
  }
  const fewer = [...new Set(rowCounts)]
    .sort((a, b) => a - b)
    .map((rows): NamedArm => ({ name: `${rows} questions`, arm: { ...FULL_ARM, rows } }))
  return {
    name: 'scaling',
    title: 'More steps, more data',
    statement: [
      'Training dynamics: over 700 steps the accuracy reward goes from 0.28 to 0.72, the strategy reward from 0.22 to 0.62, and the penalty from 0.09 to 0; it trains on about 40,000 questions, two passes.',
      'How results change with the number of questions, and whether they go on rising, it leaves open.',
    ],
    arms: [BEFORE, ...fewer, FULL],
    transforms: TRANSFORMS,
    comparisons: [
      {
        what: 'Accuracy after all steps against before the first',
        measure: 'accuracy',
        of: FULL.name,
        against: BEFORE.name,
        expected: { direction: 'higher' },
      },
      ...fewer.map(({ name }) => ({
        what: `Accuracy with every question new against ${name} again and again, the same steps`,
        measure: 'accuracy' as const,
        of: FULL.name,
        against: name,
        expected: { direction: 'open' as const },
      })),
    ],
    shown: ['toolTurns'],
  }
}

import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS } from '../../../core/transform.js'
import type { NamedArm, Study } from '../study.js'
import { BEFORE, FULL, FULL_ARM } from './common-arms.js'

/** What more steps and more data do. @throws UsageError for counts that are no whole numbers from 1 on. */
export function scaling({ rowCounts }: { rowCounts: readonly number[] }): Study {
  if (rowCounts.length === 0 || rowCounts.some((count) => !Number.isInteger(count) || count < 1))
    throw new UsageError(
      `--row-counts: expected whole numbers from 1 on, got ${rowCounts.join(' ') || 'none'}`,
    )
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

import { TRANSFORMS, type Transform } from '../../../../core/transform.js'
import type { HrBenchFigures } from '../../../../evaluation/summary/benchmark-figures.js'
import type { Summary } from '../../../../evaluation/summary/summary.js'
import { PlainText } from '../../plain-text.js'
import { decimal, plural, TRANSFORM_NAMES } from '../../words.js'
import { HeatTable } from '../heat-table.js'
import { PaperLegend } from '../paper-legend.js'
import type { PaperRows } from '../paper-rows.js'
import { RateRow } from '../rate-row.js'
import { TrackTable } from '../track-table.js'

/** HR-Bench by its own rule: the mean of each rotation of the options, then over rotations, for all questions and each category; null for other suites. */
export function HrBenchFigure({ summary: { benchmark }, paper }: { summary: Summary; paper: PaperRows }) {
  if (benchmark?.kind !== 'hrbench') return null
  const occurring = TRANSFORMS.flatMap((transform): [Transform, HrBenchFigures][] => {
    const figures = benchmark.byTransform[transform]
    return figures === undefined ? [] : [[transform, figures]]
  })
  const isAlone = occurring.length === 1
  return (
    <section class="figure wide" aria-labelledby="hr-bench-title">
      <h2 id="hr-bench-title">HR-Bench: mean over rotations</h2>
      <p class="muted">
        Every question is asked with its options in several orders; each order weighs the same. Bars are 95 %
        intervals over questions.
      </p>
      <TrackTable name="Questions" values={['Accuracy, %']}>
        {occurring.flatMap(([transform, { mean }]) =>
          partsOf(mean).map((part) => (
            <RateRow
              key={`${transform} ${part}`}
              name={
                <>
                  {isAlone ? '' : `${TRANSFORM_NAMES[transform].short}, `}
                  <PlainText text={part} most={30} />
                </>
              }
              rate={mean[part]?.value ?? null}
              interval={mean[part]?.interval ?? null}
              marks={transform === 'none' && part === 'all' ? paper.marksFor('overall') : []}
            />
          )),
        )}
      </TrackTable>
      <PaperLegend paper={paper} />
      {occurring.map(([transform, figures]) => (
        <div key={transform}>
          <h3>
            {isAlone ? 'Each rotation' : `Each rotation, ${TRANSFORM_NAMES[transform].short}`}, accuracy in %
          </h3>
          <RotationsTable figures={figures} label={`Rotations, ${TRANSFORM_NAMES[transform].short}`} />
        </div>
      ))}
    </section>
  )
}

function RotationsTable({
  figures: { byRotation, mean },
  label,
}: {
  figures: HrBenchFigures
  label: string
}) {
  const parts = partsOf(mean)
  return (
    <HeatTable
      label={label}
      corner="Options"
      columns={parts.map((part) => ({ name: part }))}
      rows={[
        ...Object.entries(byRotation).map(([rotation, own]) => ({
          key: `rotation ${rotation}`,
          name: (
            <>
              Rotation <PlainText text={rotation} most={20} />
            </>
          ),
          cells: parts.map((part) => {
            const found = own[part]
            return found === undefined
              ? null
              : { share: found.mean, text: decimal(100 * found.mean), title: plural(found.n, 'question') }
          }),
        })),
        {
          key: 'mean',
          name: 'Mean',
          isWhole: true,
          cells: parts.map((part) => {
            const value = mean[part]?.value
            return value === undefined ? null : { share: value, text: decimal(100 * value) }
          }),
        },
      ]}
    />
  )
}

/** `all` first, then the data set's own categories with `single` before `cross`, as the benchmark prints them. */
function partsOf(mean: HrBenchFigures['mean']): string[] {
  const order = ['all', 'single', 'cross']
  const place = (part: string): number => (order.includes(part) ? order.indexOf(part) : order.length)
  return Object.keys(mean).sort((a, b) => place(a) - place(b))
}

import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { reported } from '../../../evaluation/summary/reported.js'
import type { Summary } from '../../../evaluation/summary/summary.js'
import { TRANSFORM_NAMES } from '../words.js'
import { TypesTable } from './benchmark/types-table.js'
import { PaperLegend } from './paper-legend.js'
import type { Mark, PaperRows } from './paper-rows.js'
import { RateRow } from './rate-row.js'
import { TrackTable } from './track-table.js'

/** Accuracy for each transformation and for all, with its interval, and the paper's marks where it has some for this suite; below, what the benchmark makes of it. */
export function AccuracyFigure({
  summary,
  paper,
  onTransform,
}: {
  summary: Summary
  paper: PaperRows
  onTransform: (transform: Transform) => void
}) {
  const { average, benchmark, overall, byTransform } = summary
  const figure = overall.partial === null ? 'Accuracy' : 'Mean credit'
  // The paper's one number for a suite: the mean over its six columns where it has them, else that of all questions; HR-Bench has a figure of its own for it.
  const hasColumns = paper.rows.some((row) => TRANSFORMS.some((name) => row.accuracy[name] !== undefined))
  const hasMarks = benchmark?.kind !== 'hrbench'
  const whole = hasColumns ? 'average' : hasMarks ? 'all' : null
  const marksFor = (row: Transform | 'average' | 'all'): Mark[] => [
    ...paper.marksFor(row),
    ...(row === whole ? paper.marksFor('overall') : []),
  ]
  return (
    <section class="figure wide" aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">{figure} by transformation</h2>
      <p class="muted">Bars are 95 % intervals. Press a row to see its samples.</p>
      <TrackTable name="Applied" count="n" values={[`${figure}, %`]}>
        {TRANSFORMS.map((transform) => {
          const rates = byTransform[transform]
          if (rates === undefined) return null
          const { accuracy, interval } = reported(rates)
          return (
            <RateRow
              key={transform}
              name={TRANSFORM_NAMES[transform].short}
              title={TRANSFORM_NAMES[transform].long}
              n={rates.n}
              rate={accuracy}
              interval={interval}
              marks={marksFor(transform)}
              onOpen={() => onTransform(transform)}
            />
          )
        })}
        {average !== null && (
          <RateRow
            name="Average"
            title="Mean over the transformations, as the paper's tables average"
            n={null}
            rate={average.value}
            interval={average.interval}
            marks={marksFor('average')}
            isWhole
          />
        )}
        <RateRow
          name="All"
          n={overall.n}
          rate={reported(overall).accuracy}
          interval={reported(overall).interval}
          marks={marksFor('all')}
          isWhole
        />
      </TrackTable>
      {hasMarks && <PaperLegend paper={paper} />}
      {(benchmark?.kind === 'ocrbench' || benchmark?.kind === 'chartqapro') && (
        <TypesTable benchmark={benchmark} average={average?.value ?? null} paper={paper} />
      )}
    </section>
  )
}

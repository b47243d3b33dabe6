import { reported } from '../../../evaluation/summary/reported.js'
import type { Summary } from '../../../evaluation/summary/summary.js'
import { PlainText } from '../plain-text.js'
import { RateRow } from './rate-row.js'
import { TrackTable } from './track-table.js'

/** Categories that are drawn, the largest ones. */
const SHOWN = 24

/** Accuracy by the kind of question, where the data set tells several apart. */
export function CategoryFigure({
  summary,
  onCategory,
}: {
  summary: Summary
  onCategory: (category: string) => void
}) {
  const rates = Object.entries(summary.byCategory)
    .flatMap(([category, rates]) => {
      const { accuracy, interval } = reported(rates)
      return accuracy === null ? [] : [{ category, n: rates.n, accuracy, interval }]
    })
    .sort((a, b) => b.n - a.n)
  if (rates.length < 2) return null
  const figure = summary.overall.partial === null ? 'Accuracy' : 'Mean credit'
  return (
    <section class="figure wide" aria-labelledby="category-title">
      <h2 id="category-title">{figure} by category</h2>
      <p class="muted">
        Bars are 95 % intervals.
        {rates.length > SHOWN && ` The largest ${SHOWN} of ${rates.length}.`}
      </p>
      <TrackTable name="Category" count="n" values={[`${figure}, %`]} class="categories">
        {rates.slice(0, SHOWN).map(({ category, n, accuracy, interval }) => (
          <RateRow
            key={category}
            name={<PlainText text={category} most={40} />}
            n={n}
            rate={accuracy}
            interval={interval}
            onOpen={() => onCategory(category)}
          />
        ))}
      </TrackTable>
    </section>
  )
}

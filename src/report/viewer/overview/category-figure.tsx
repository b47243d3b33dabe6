import { reported } from '../../../evaluation/summary/reported.js'
import type { Summary } from '../../../evaluation/summary/summary.js'
import { PlainText } from '../plain-text.js'
import { decimal, integer } from '../words.js'
import { along, Track, TrackScale } from './track.js'

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
      return accuracy === null || interval === null ? [] : [{ category, n: rates.n, accuracy, interval }]
    })
    .sort((a, b) => b.n - a.n)
  if (rates.length < 2) return null
  return (
    <section class="figure wide" aria-labelledby="category-title">
      <h2 id="category-title">{summary.overall.partial === null ? 'Accuracy' : 'Mean credit'} by category</h2>
      <p class="muted">
        Bars are 95 % intervals.
        {rates.length > SHOWN && ` The largest ${SHOWN} of ${rates.length}.`}
      </p>
      <table class="tracks categories">
        <thead>
          <tr>
            <th scope="col">Category</th>
            <th scope="col" class="wide-only">
              n
            </th>
            <th scope="col" class="track-cell">
              <span class="unseen">Figure</span>
            </th>
            <th scope="col">{summary.overall.partial === null ? 'Accuracy' : 'Credit'}, %</th>
          </tr>
        </thead>
        <tbody>
          {rates.slice(0, SHOWN).map(({ category, n, accuracy, interval: [low, high] }) => (
            <tr key={category}>
              <th scope="row">
                <button type="button" class="link" onClick={() => onCategory(category)}>
                  <PlainText text={category} most={40} />
                </button>
              </th>
              <td class="number wide-only">{integer(n)}</td>
              <td class="track-cell">
                <Track height={28}>
                  <line class="interval" x1={along(low)} x2={along(high)} y1="14" y2="14" />
                  <circle class="dot" cx={along(accuracy)} cy="14" r="5.5" />
                </Track>
              </td>
              <td class="number">
                <b>{decimal(100 * accuracy)}</b>
                <span class="muted interval-text">
                  {decimal(100 * low)}–{decimal(100 * high)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot aria-hidden="true">
          <tr>
            <td />
            <td class="wide-only" />
            <td class="track-cell">
              <TrackScale />
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

import type { ReportData } from '../../report-data.js'
import { visibleText } from '../sample/visible-text.js'
import { integer, percent } from '../words.js'

/** Calls that failed, by kind, and how often the model found its way back. */
export function ErrorsFigure({
  data: {
    summary: { overall },
    totals: { errorKinds },
  },
  onCalls,
}: {
  data: ReportData
  onCalls: (value: 'failed' | 'recovered') => void
}) {
  const kinds = [...errorKinds].sort(([, a], [, b]) => b - a)
  const highest = Math.max(1, ...kinds.map(([, count]) => count))
  const { toolErrors, toolCalls, toolErrorRate, withErrors, recoveries, malformedCalls } = overall
  return (
    <section class="figure" aria-labelledby="errors-title">
      <h2 id="errors-title">Errors and recovery</h2>
      {toolCalls === 0 ? (
        <p class="muted">No call was made.</p>
      ) : (
        <dl class="numbers">
          <div>
            <dt>Calls that failed</dt>
            <dd>
              <b>{percent(toolErrorRate)}</b> {integer(toolErrors)} of {integer(toolCalls)}
            </dd>
          </div>
          <div>
            <dt>
              <button type="button" class="link" onClick={() => onCalls('failed')}>
                Samples with a failed call
              </button>
            </dt>
            <dd>{integer(withErrors)}</dd>
          </div>
          <div>
            <dt>
              <button type="button" class="link" onClick={() => onCalls('recovered')}>
                of them recovered and correct
              </button>
            </dt>
            <dd>
              <b>{withErrors === 0 ? '–' : percent(recoveries / withErrors)}</b> {integer(recoveries)}
            </dd>
          </div>
          {malformedCalls > 0 && (
            <div>
              <dt>Calls that could not be read</dt>
              <dd>{integer(malformedCalls)}</dd>
            </div>
          )}
        </dl>
      )}
      {kinds.length > 0 && (
        <table class="tracks">
          <tbody>
            {kinds.map(([kind, count]) => (
              <tr key={kind}>
                <th scope="row">
                  <code>{visibleText(kind)}</code>
                </th>
                <td class="track-cell">
                  <svg class="stack" width="100%" height="16" aria-hidden="true">
                    <rect
                      class="share error"
                      y="2"
                      height="12"
                      rx="2"
                      width={`${(100 * count) / highest}%`}
                    />
                  </svg>
                </td>
                <td class="number">{integer(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

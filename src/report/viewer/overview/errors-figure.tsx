import { TRANSFORMS } from '../../../core/transform.js'
import type { Interval } from '../../../evaluation/statistics/wilson.js'
import type { Rates } from '../../../evaluation/summary/summary.js'
import type { ReportData } from '../../report-data.js'
import { visibleText } from '../../../core/visible-text.js'
import { decimal, integer, plural, TRANSFORM_NAMES } from '../words.js'
import { RateRow } from './rate-row.js'
import { TrackTable } from './track-table.js'

/** Calls that failed, by kind, and how often the model found its way back. */
export function ErrorsFigure({
  data: {
    summary: { overall, byTransform },
    totals: { errorKinds },
  },
  onCalls,
}: {
  data: ReportData
  onCalls: (value: 'failed' | 'recovered') => void
}) {
  const { toolErrors, toolCalls, withErrors, recoveries, malformedCalls } = overall
  const occurring = TRANSFORMS.flatMap((transform): [string, Rates][] => {
    const rates = byTransform[transform]
    return rates === undefined ? [] : [[TRANSFORM_NAMES[transform].short, rates]]
  })
  const failed = `${integer(toolErrors)} of ${plural(toolCalls, 'call')} failed, in ${plural(withErrors, 'sample')}.`
  const sentences = [
    toolCalls === 0
      ? 'No call was made.'
      : toolErrors === 0
        ? `None of ${plural(toolCalls, 'call')} failed.`
        : failed,
    ...(withErrors > 0
      ? [`Recovered: a later call worked and the answer is right, in ${integer(recoveries)} of them.`]
      : []),
    ...(malformedCalls > 0 ? [`${plural(malformedCalls, 'call')} could not be read.`] : []),
    ...(toolCalls > 0 ? ['Bars are 95 % intervals.'] : []),
  ]
  return (
    <section class="figure" aria-labelledby="errors-title">
      <h2 id="errors-title">Errors and recovery</h2>
      <p class="muted">{sentences.join(' ')}</p>
      {toolCalls > 0 && (
        <TrackTable name="Share" values={['%']}>
          <RateRow
            name="Failed calls"
            rate={overall.toolErrorRate}
            interval={overall.toolErrorInterval}
            {...(withErrors > 0 && { onOpen: () => onCalls('failed') })}
          />
          {withErrors > 0 && (
            <RateRow
              name="Recovered"
              title="Of the samples with a failed call"
              rate={overall.recoveryRate}
              interval={overall.recoveryInterval}
              onOpen={() => onCalls('recovered')}
            />
          )}
        </TrackTable>
      )}
      <Kinds kinds={errorKinds} />
      {withErrors > 0 && occurring.length > 1 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Errors and recovery by transformation">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">Applied</th>
                <th scope="col">Failed calls, %</th>
                <th scope="col">Recovered, %</th>
              </tr>
            </thead>
            <tbody>
              {occurring.map(([name, rates]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <Share rate={rates.toolErrorRate} interval={rates.toolErrorInterval} />
                  <Share rate={rates.recoveryRate} interval={rates.recoveryInterval} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Share({ rate, interval }: { rate: number | null; interval: Interval | null }) {
  return (
    <td class="number">
      {rate === null ? '–' : decimal(100 * rate)}{' '}
      {interval !== null && (
        <span class="muted">
          {decimal(100 * interval[0])}–{decimal(100 * interval[1])}
        </span>
      )}
    </td>
  )
}

/** Failed calls by kind, the most frequent first. */
function Kinds({ kinds }: { kinds: ReportData['totals']['errorKinds'] }) {
  if (kinds.length === 0) return null
  const sorted = [...kinds].sort(([, a], [, b]) => b - a)
  const highest = Math.max(1, ...kinds.map(([, count]) => count))
  return (
    <table class="tracks kinds-table">
      <tbody>
        {sorted.map(([kind, count]) => (
          <tr key={kind}>
            <th scope="row">
              <code>{visibleText(kind)}</code>
            </th>
            <td class="track-cell">
              <svg class="stack" width="100%" height="16" aria-hidden="true">
                <rect class="share error" y="2" height="12" rx="2" width={`${(100 * count) / highest}%`} />
              </svg>
            </td>
            <td class="number">{integer(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

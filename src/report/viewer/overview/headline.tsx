import { reported } from '../../../evaluation/summary/reported.js'
import type { ReportData } from '../../report-data.js'
import { decimal, duration, integer, percent } from '../words.js'

/** The run in one line and its main numbers. */
export function Headline({ data }: { data: ReportData }) {
  const { summary, totals } = data
  const { overall } = summary
  const figure = reported(overall)
  const tokens = totals.promptTokens + totals.completionTokens
  const scored = Math.max(1, overall.n)
  const numbers: [name: string, value: string, more: string][] = [
    ['Turns', decimal(overall.meanTurns), 'a sample'],
    ['Calls', decimal(overall.meanToolCalls), 'a sample'],
    [
      'Failed calls',
      percent(overall.toolErrorRate),
      `${integer(overall.toolErrors)} of ${integer(overall.toolCalls)}`,
    ],
    [
      'Recovered',
      overall.withErrors === 0 ? '–' : percent(overall.recoveries / overall.withErrors, 0),
      overall.withErrors === 0
        ? 'nothing failed'
        : `${integer(overall.recoveries)} of ${integer(overall.withErrors)}`,
    ],
    [
      'Tokens',
      tokens === 0 ? '–' : integer(Math.round(tokens / scored)),
      tokens === 0 ? 'not counted' : 'a sample',
    ],
    ['Time', duration(totals.totalMs / scored), 'a sample'],
  ]
  return (
    <header class="headline">
      <div class="headline-words">
        <h1>{summary.suite}</h1>
        <p>
          <b>{summary.policy.name}</b> <span class="muted">{summary.policy.model}</span>
        </p>
        <p class="muted">
          Scoring {summary.scoring} · judge {summary.judge}
          {summary.judgeReading === null ? '' : ` (${summary.judgeReading})`}
          {summary.epochs > 1 ? ` · ${summary.epochs} epochs` : ''}
        </p>
        {!summary.isComplete && summary.planned > 0 && (
          <p class="incomplete">
            Not complete: {integer(overall.n)} of {integer(summary.planned)} samples are scored.
          </p>
        )}
      </div>
      {summary.planned > 0 && (
        <div class="headline-number">
          <span class="big">
            {figure.accuracy === null ? '–' : decimal(100 * figure.accuracy)}
            <small> %</small>
          </span>
          <span class="muted">
            {overall.partial === null ? 'accuracy' : 'mean credit'}{' '}
            {figure.interval === null
              ? ''
              : `(${decimal(100 * figure.interval[0])}–${decimal(100 * figure.interval[1])})`}
            {overall.partial === null && `, ${integer(overall.correct)} of ${integer(overall.n)}`}
          </span>
          {overall.partial !== null && (
            <span class="muted">
              full credit: {integer(overall.correct)} of {integer(overall.n)} ({percent(overall.accuracy)})
            </span>
          )}
        </div>
      )}
      {summary.planned > 0 && (
        <dl class="headline-list">
          {numbers.map(([name, value, more]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <b>{value}</b> <span class="muted">{more}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </header>
  )
}

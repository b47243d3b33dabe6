import { useState } from 'preact/hooks'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { reported } from '../../../evaluation/summary/reported.js'
import type { Rates } from '../../../evaluation/summary/summary.js'
import type { ReportData } from '../../report-data.js'
import { decimal, integer, percent, TRANSFORM_NAMES } from '../words.js'
import { usualPaperRows } from './choose-paper-rows.js'
import { PaperMark } from './paper-mark.js'
import { along, Track, TrackScale } from './track.js'

/** Accuracy for each transformation and for all, with its interval, and the paper's marks where it has some for this suite. */
export function AccuracyFigure({
  data,
  onTransform,
}: {
  data: ReportData
  onTransform: (transform: Transform) => void
}) {
  const { summary, paper } = data
  const [shown, setShown] = useState<number[]>(() =>
    usualPaperRows({ rows: paper, model: summary.policy.model }),
  )
  const occurring = TRANSFORMS.filter((transform) => summary.byTransform[transform] !== undefined)
  const marksFor = (name: string) =>
    shown.flatMap((row) => {
      const value = paper[row]?.accuracy[name]
      return value === undefined ? [] : [{ row, value, model: paper[row]?.model ?? '' }]
    })
  return (
    <section class="figure wide" aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">
        {summary.overall.partial === null ? 'Accuracy' : 'Mean credit'} by transformation
      </h2>
      <p class="muted">Bars are 95 % intervals. Press a row to see its samples.</p>
      <table class="tracks">
        <thead>
          <tr>
            <th scope="col">Applied</th>
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
          {occurring.map((transform) => {
            const rates = summary.byTransform[transform]
            if (rates === undefined) return null
            return (
              <Row
                key={transform}
                name={TRANSFORM_NAMES[transform].short}
                title={TRANSFORM_NAMES[transform].long}
                rates={{ n: rates.n, ...reported(rates) }}
                marks={marksFor(transform)}
                onOpen={() => onTransform(transform)}
              />
            )
          })}
          {summary.average !== null && (
            <Row
              name="Average"
              title="Mean over the transformations, as the paper's tables average"
              rates={{ n: null, accuracy: summary.average.value, interval: summary.average.interval }}
              marks={marksFor('overall')}
              isWhole
            />
          )}
          <Row
            name="All"
            rates={{ n: summary.overall.n, ...reported(summary.overall) }}
            marks={summary.average === null ? marksFor('overall') : []}
            isWhole
          />
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
      {paper.length > 0 && <Legend paper={paper} shown={shown} onChange={setShown} />}
    </section>
  )
}

interface Mark {
  row: number
  /** In percent. */
  value: number
  model: string
}

function Row({
  name,
  title,
  rates,
  marks,
  isWhole = false,
  onOpen,
}: {
  name: string
  title?: string
  rates: Pick<Rates, 'accuracy' | 'interval'> & { n: number | null }
  marks: Mark[]
  isWhole?: boolean
  onOpen?: () => void
}) {
  const { accuracy, interval, n } = rates
  return (
    <tr class={isWhole ? 'whole' : undefined}>
      <th scope="row">
        {onOpen === undefined ? (
          <span title={title}>{name}</span>
        ) : (
          <button type="button" class="link" title={title} onClick={onOpen}>
            {name}
          </button>
        )}
      </th>
      <td class="number wide-only">{n === null ? '' : integer(n)}</td>
      <td class="track-cell">
        <Track height={28}>
          {interval !== null && (
            <line class="interval" x1={along(interval[0])} x2={along(interval[1])} y1="14" y2="14" />
          )}
          {accuracy !== null && <circle class="dot" cx={along(accuracy)} cy="14" r="5.5" />}
          {marks.map(({ row, value, model }) => (
            <PaperMark key={row} place={row} x={along(value / 100)} y={14} title={`${model}: ${value}`} />
          ))}
        </Track>
      </td>
      <td class="number">
        <b>{accuracy === null ? '–' : decimal(100 * accuracy)}</b>
        {interval !== null && (
          <span class="muted interval-text">
            {decimal(100 * interval[0])}–{decimal(100 * interval[1])}
          </span>
        )}
        {marks.length > 0 && (
          <span class="unseen">
            ; the paper: {marks.map(({ model, value }) => `${model} ${percent(value / 100)}`).join(', ')}
          </span>
        )}
      </td>
    </tr>
  )
}

function Legend({
  paper,
  shown,
  onChange,
}: {
  paper: ReportData['paper']
  shown: readonly number[]
  onChange: (shown: number[]) => void
}) {
  return (
    <fieldset class="legend">
      <legend>From the paper (its own set-up, not this run’s)</legend>
      {paper.map(({ model, tools }, row) => (
        <label key={row} class="choice">
          <input
            type="checkbox"
            checked={shown.includes(row)}
            onChange={() =>
              onChange(
                shown.includes(row)
                  ? shown.filter((other) => other !== row)
                  : [...shown, row].sort((a, b) => a - b),
              )
            }
          />
          <svg width="14" height="14" aria-hidden="true">
            <PaperMark place={row} x="7" y={7} />
          </svg>
          <span>
            {model}
            {tools && <span class="muted"> with tools</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

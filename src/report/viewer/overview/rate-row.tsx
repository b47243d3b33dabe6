import type { ComponentChildren } from 'preact'
import type { Interval } from '../../../evaluation/statistics/wilson.js'
import { decimal, integer, percent } from '../words.js'
import { PaperMark } from './paper-mark.js'
import type { Mark } from './paper-rows.js'
import { along, Track } from './track.js'

/** A share with its interval along a track, and as numbers behind it. */
export function RateRow({
  name,
  title,
  n,
  rate,
  interval = null,
  marks = [],
  isWhole = false,
  onOpen,
  children,
}: {
  name: ComponentChildren
  title?: string
  /** Number in the second column; null: empty; undefined: the table has no such column. */
  n?: number | null
  /** From 0 to 1; null where there is nothing to tell. */
  rate: number | null
  interval?: Interval | null
  /** The paper's figures for the same. */
  marks?: readonly Mark[]
  /** Whether the row sums up those above it. */
  isWhole?: boolean
  /** Show the samples behind it. */
  onOpen?: () => void
  /** Further cells. */
  children?: ComponentChildren
}) {
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
      {n !== undefined && <td class="number wide-only">{n === null ? '' : integer(n)}</td>}
      <td class="track-cell">
        <Track height={28}>
          {interval !== null && (
            <line class="interval" x1={along(interval[0])} x2={along(interval[1])} y1="14" y2="14" />
          )}
          {rate !== null && <circle class="dot" cx={along(rate)} cy="14" r="5.5" />}
          {marks.map(({ row, value, model }) => (
            <PaperMark key={row} place={row} x={along(value / 100)} y={14} title={`${model}: ${value}`} />
          ))}
        </Track>
      </td>
      <td class="number">
        <b>{rate === null ? '–' : decimal(100 * rate)}</b>{' '}
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
      {children}
    </tr>
  )
}

import type { ComponentChildren } from 'preact'
import { TrackScale } from './track.js'

/** Rows of tracks over one scale: a name, where wanted a number of samples, the track, and what stands beside it. */
export function TrackTable({
  name,
  count,
  values,
  class: kind = '',
  children,
}: {
  /** Head of the first column. */
  name: string
  /** Head of the second column, which narrow screens leave out; undefined: there is none. */
  count?: string
  /** Heads of the columns behind the tracks. */
  values: readonly string[]
  class?: string
  /** Rows, with a cell `track-cell` that holds a track. */
  children: ComponentChildren
}) {
  return (
    <table class={`tracks ${kind}`}>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          {count !== undefined && (
            <th scope="col" class="wide-only">
              {count}
            </th>
          )}
          <th scope="col" class="track-cell">
            <span class="unseen">Figure</span>
          </th>
          {values.map((value) => (
            <th scope="col" key={value}>
              {value}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td />
          {count !== undefined && <td class="wide-only" />}
          <td class="track-cell">
            <TrackScale />
          </td>
          {values.map((value) => (
            <td key={value} />
          ))}
        </tr>
      </tfoot>
    </table>
  )
}

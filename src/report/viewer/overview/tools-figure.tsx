import { useMemo } from 'preact/hooks'
import type { SampleRow } from '../../report-data.js'
import { visibleText } from '../../../core/visible-text.js'
import { integer, percent } from '../words.js'
import { toolRates, type ToolRate } from './tool-rates.js'
import { along, Track } from './track.js'
import { TrackTable } from './track-table.js'

/** Tools by the share of samples that used them: those that tasks require, then what the model came to use by itself. */
export function ToolsFigure({
  rows,
  onTool,
}: {
  rows: readonly SampleRow[]
  onTool: (tool: string) => void
}) {
  const rates = useMemo(() => toolRates(rows), [rows])
  const emergent = rates.filter(({ isEmergent }) => isEmergent)
  return (
    <section class="figure" aria-labelledby="tools-title">
      <h2 id="tools-title">Tools</h2>
      <p class="muted">
        {rates.length === 0
          ? 'No operation was observed.'
          : `Samples with a call that used it and worked; ${emergent.length} of ${rates.length} are emergent: no task requires them.`}
      </p>
      {rates.length > 0 && (
        <TrackTable name="Tool" values={['Samples', 'Right, %']} class="tools-table">
          {rates.map((rate) => (
            <Row key={rate.tool} rate={rate} onOpen={() => onTool(rate.tool)} />
          ))}
        </TrackTable>
      )}
    </section>
  )
}

function Row({ rate, onOpen }: { rate: ToolRate; onOpen: () => void }) {
  const { tool, isEmergent, samples, share, interval, accuracy } = rate
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link" onClick={onOpen}>
          <code>{visibleText(tool)}</code>
        </button>
        {isEmergent && <span class="unseen"> (emergent)</span>}
      </th>
      <td class="track-cell">
        <Track height={22}>
          <rect
            class={isEmergent ? 'share emergent' : 'share'}
            x={along(0)}
            y="5"
            height="12"
            rx="2"
            width={`${96 * share}%`}
          />
          <line class="whisker" x1={along(interval[0])} x2={along(interval[1])} y1="11" y2="11" />
        </Track>
      </td>
      <td class="number">
        {integer(samples)} <span class="muted wide-only">{percent(share)}</span>
      </td>
      <td class="number">{percent(accuracy, 0).replace(' %', '')}</td>
    </tr>
  )
}

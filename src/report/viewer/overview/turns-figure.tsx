import { useMemo } from 'preact/hooks'
import type { SampleRow } from '../../report-data.js'
import { integer, plural } from '../words.js'

const HEIGHT = 120

/** How many turns samples took, right answers apart. */
export function TurnsFigure({
  rows,
  onTurns,
}: {
  rows: readonly SampleRow[]
  onTurns: (turns: number) => void
}) {
  const bins = useMemo(() => turnBins(rows), [rows])
  const highest = Math.max(1, ...bins.map(({ count }) => count))
  if (bins.length === 0) return null
  return (
    <section class="figure" aria-labelledby="turns-title">
      <h2 id="turns-title">Turns to the answer</h2>
      <div class="columns" role="list">
        {bins.map(({ turns, count, correct }) => (
          <div key={turns} role="listitem">
            <button
              type="button"
              class="column"
              disabled={count === 0}
              onClick={() => onTurns(turns)}
              aria-label={`${plural(turns, 'turn')}: ${plural(count, 'sample')}, ${integer(correct)} correct`}
              title={`${plural(turns, 'turn')}: ${plural(count, 'sample')}, ${integer(correct)} correct`}
            >
              <span class="column-count" aria-hidden="true">
                {count > 0 ? integer(count) : ''}
              </span>
              <svg width="100%" height={HEIGHT} aria-hidden="true" preserveAspectRatio="none">
                <rect
                  class="fill other"
                  x="12%"
                  width="76%"
                  y={HEIGHT * (1 - count / highest)}
                  height={(HEIGHT * (count - correct)) / highest}
                />
                <rect
                  class="fill correct"
                  x="12%"
                  width="76%"
                  y={HEIGHT * (1 - correct / highest)}
                  height={(HEIGHT * correct) / highest}
                />
              </svg>
              <span class="column-name" aria-hidden="true">
                {turns}
              </span>
            </button>
          </div>
        ))}
      </div>
      <p class="muted key-line">
        <span class="swatch correct" /> correct <span class="swatch other" /> anything else
      </p>
    </section>
  )
}

interface Bin {
  turns: number
  count: number
  correct: number
}

/** Every number of turns up to the highest, those that nobody took included. */
function turnBins(rows: readonly SampleRow[]): Bin[] {
  const highest = rows.reduce((most, { turns }) => Math.max(most, turns), 0)
  const bins = Array.from({ length: highest }, (_, index): Bin => ({
    turns: index + 1,
    count: 0,
    correct: 0,
  }))
  for (const { turns, ending } of rows) {
    const bin = bins[turns - 1]
    if (bin === undefined) continue
    bin.count++
    if (ending === 'correct') bin.correct++
  }
  return bins
}

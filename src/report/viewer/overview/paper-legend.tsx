import { PaperMark } from './paper-mark.js'
import type { PaperRows } from './paper-rows.js'

/** The paper's rows with their signs, each to be shown or not. */
export function PaperLegend({ paper: { rows, shown, toggle } }: { paper: PaperRows }) {
  if (rows.length === 0) return null
  return (
    <fieldset class="legend">
      <legend>From the paper (its own set-up, not this run’s)</legend>
      {rows.map(({ model, tools }, row) => (
        <label key={row} class="choice">
          <input type="checkbox" checked={shown.includes(row)} onChange={() => toggle(row)} />
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

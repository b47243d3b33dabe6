import { mean } from '../../../core/mean.js'
import { markup, type Html } from '../../../report/page/markup.js'
import { figure } from '../describe-finding.js'
import type { MeasuredArms } from '../measured-arm.js'
import { MEASURES, type MeasureName } from '../measures.js'
import type { Grid } from '../study.js'
import { meanOf } from '../task-mean.js'

/** Differences that fill all depths, at the least: so many of what counts as none. What is nearly alike looks so. */
const LEAST_SPAN = 5

/** A measure over a grid of arms, the deeper the more; means over seeds. */
export function heatMap({
  grid: { rows, columns, armAt },
  measure,
  measured,
}: {
  grid: Grid
  measure: MeasureName
  measured: MeasuredArms
}): Html {
  const valueAt = (row: number, column: number): number | null => {
    const means = (measured.get(armAt(row, column)) ?? []).flatMap(
      ({ records }) => meanOf({ measure, records }) ?? [],
    )
    return means.length === 0 ? null : mean(means)
  }
  const all = rows.values.flatMap((row) => columns.values.flatMap((column) => valueAt(row, column) ?? []))
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const span = Math.max(most - least, LEAST_SPAN * MEASURES[measure].negligible)
  const level = (value: number): number => 4 + Math.round((8 * (value - (least + most) / 2)) / span)
  return markup`<table class="heat">
    <thead>
      <tr>
        <th scope="col">${MEASURES[measure].label}</th>
        ${columns.values.map((value) => markup`<th scope="col">${columns.label} = ${value}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.values.map(
        (row) =>
          markup`<tr>
            <th scope="row">${rows.label} = ${row}</th>
            ${columns.values.map((column) => {
              const value = valueAt(row, column)
              return value === null
                ? markup`<td>–</td>`
                : markup`<td class="heat-${level(value)}">${figure(measure, value)}</td>`
            })}
          </tr>`,
      )}
    </tbody>
  </table>`
}

import { markup, type Html } from '../../../report/page/markup.js'
import { TRANSFORMS } from '../../../core/transform.js'
import { PRINTED_TRANSFORMS } from '../../../evaluation/table/format-figures.js'
import { percent } from '../../percent.js'
import { distinctEvaluations } from '../distinct-evaluations.js'
import type { MeasuredArms } from '../measured-arm.js'
import { MEASURES } from '../measures.js'
import type { Study } from '../study.js'
import { transformFigures, type Share } from '../transform-figures.js'
import { armName } from './arm-name.js'

/** Accuracy of each arm on each transformation with its interval, and the average, which Source stands beside; seeds together. */
export function transformTable({ study, measured }: { study: Study; measured: MeasuredArms }): Html {
  const transforms = TRANSFORMS.filter((transform) => study.transforms.includes(transform))
  return markup`<table>
    <thead>
      <tr>
        <th scope="col">Accuracy, %</th>
        ${transforms.map((transform) => markup`<th scope="col">${PRINTED_TRANSFORMS[transform]}</th>`)}
        ${transforms.length > 1 ? markup`<th scope="col">average</th>` : null}
        <th scope="col">tasks</th>
      </tr>
    </thead>
    <tbody>
      ${study.arms.map(({ name }, place) => {
        const seeds = distinctEvaluations(measured.get(name) ?? [])
        const { byTransform, average } = transformFigures({ measure: MEASURES.accuracy, seeds })
        return markup`<tr>
          <td>${armName({ name, place })}</td>
          ${transforms.map((transform) => markup`<td>${shareCell(byTransform[transform])}</td>`)}
          ${transforms.length > 1 ? markup`<td>${shareCell(average ?? undefined)}</td>` : null}
          <td>${seeds.reduce((sum, { records }) => sum + records.length, 0)}</td>
        </tr>`
      })}
    </tbody>
  </table>`
}

function shareCell(share: (Pick<Share, 'value'> & { interval: Share['interval'] | null }) | undefined): Html {
  if (share === undefined) return markup`–`
  const { value, interval } = share
  return markup`${percent(value)}${interval === null ? null : markup`<small>${percent(interval[0])}–${percent(interval[1])}</small>`}`
}

import { markup, type Html } from '../../../report/curation/markup.js'
import { figure } from '../describe-finding.js'
import type { MeasuredArms } from '../measured-arm.js'
import { MEASURES, type MeasureName } from '../measures.js'
import type { Study } from '../study.js'
import { meanOf } from '../task-mean.js'
import { armName } from './arm-name.js'

/** Means of each arm over the tasks of its greedy evaluation, a line a seed. */
export function measureTable({ study, measured }: { study: Study; measured: MeasuredArms }): Html {
  const shown: readonly MeasureName[] = ['accuracy', ...study.shown]
  const parts = [
    { label: '', is: () => true },
    ...(study.isSplitByCrop === true
      ? [
          { label: ', no crop needed', is: (needsCrop: boolean) => !needsCrop },
          { label: ', crop needed', is: (needsCrop: boolean) => needsCrop },
        ]
      : []),
  ]
  const columns = shown.flatMap((measure) => parts.map((part) => ({ measure, ...part })))
  return markup`<table>
    <thead>
      <tr>
        <th scope="col">Greedy evaluation</th>
        <th scope="col">seed</th>
        ${columns.map(({ measure, label }) => markup`<th scope="col">${MEASURES[measure].label}${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${study.arms.flatMap(({ name }, place) =>
        (measured.get(name) ?? []).map(
          ({ seed, records }) =>
            markup`<tr>
              <td>${armName({ name, place })}</td>
              <td>${seed}</td>
              ${columns.map(({ measure, is }) => {
                const mean = meanOf({ measure, records: records.filter(({ needsCrop }) => is(needsCrop)) })
                return markup`<td>${mean === null ? '–' : figure(measure, mean)}</td>`
              })}
            </tr>`,
        ),
      )}
    </tbody>
  </table>`
}

import { mean } from '../../../core/mean.js'
import { markup, type Html } from '../../../report/page/markup.js'
import { figure } from '../describe-finding.js'
import { distinctEvaluations } from '../distinct-evaluations.js'
import type { MeasuredArms } from '../measured-arm.js'
import { MEASURES, type MeasureName } from '../measures.js'
import type { Study } from '../study.js'
import { meanOf } from '../task-mean.js'
import { armName } from './arm-name.js'

/** Means of each arm over the tasks of its greedy evaluation, and those of its seeds where it has several. */
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
        ${columns.map(({ measure, label }) => markup`<th scope="col">${MEASURES[measure].label}${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${study.arms.map(({ name }, place) => {
        const seeds = distinctEvaluations(measured.get(name) ?? [])
        return markup`<tr>
          <td>${armName({ name, place })}</td>
          ${columns.map(({ measure, is }) => {
            const means = seeds.flatMap(
              ({ records }) =>
                meanOf({ measure, records: records.filter(({ needsCrop }) => is(needsCrop)) }) ?? [],
            )
            return markup`<td>${cell({ measure, means })}</td>`
          })}
        </tr>`
      })}
    </tbody>
  </table>`
}

function cell({ measure, means }: { measure: MeasureName; means: readonly number[] }): Html {
  if (means.length === 0) return markup`–`
  const bySeed = means.map((value) => figure(measure, value).replace(' %', '')).join(' · ')
  return markup`${figure(measure, mean(means))}${means.length === 1 ? null : markup`<small>${bySeed}</small>`}`
}

import type { Transform } from '../../../core/transform.js'
import { markup, type Html } from '../../../report/page/markup.js'
import { distinctEvaluations } from '../distinct-evaluations.js'
import type { MeasuredArms } from '../measured-arm.js'
import { MEASURES } from '../measures.js'
import type { Study } from '../study.js'
import { shareOf, type Share } from '../transform-figures.js'
import { armName } from './arm-name.js'

/** How often what undoes a held-out transformation was executed and the answer right, by arm, seed and transformation, with Wilson's intervals. */
export function heldOutTable({
  study,
  heldOut,
  measured,
}: {
  study: Study
  heldOut: readonly Transform[]
  measured: MeasuredArms
}): Html {
  const columns: readonly (readonly [string, readonly Transform[]])[] = [
    ...heldOut.map((transform) => [transform, [transform]] as const),
    ['together', heldOut] as const,
  ]
  return markup`<table>
    <thead>
      <tr>
        <th scope="col">Turned back and right</th>
        <th scope="col">seed</th>
        ${columns.map(([label]) => markup`<th scope="col">${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${study.arms.flatMap(({ name }, place) =>
        distinctEvaluations(measured.get(name) ?? []).map(
          ({ seed, records }) =>
            markup`<tr>
              <td>${armName({ name, place })}</td>
              <td>${seed}</td>
              ${columns.map(([, transforms]) => {
                const own = records.filter(({ transform }) => transforms.includes(transform))
                return markup`<td>${cell(shareOf({ measure: MEASURES.toolSuccess, records: own }))}</td>`
              })}
            </tr>`,
        ),
      )}
    </tbody>
  </table>`
}

function cell(share: Share | null): Html {
  if (share === null) return markup`–`
  const { n, successes, interval } = share
  const [low, high] = interval.map((bound) => (100 * bound).toFixed(0))
  return markup`${successes} of ${n}<small>${low ?? ''}–${high ?? ''} %</small>`
}

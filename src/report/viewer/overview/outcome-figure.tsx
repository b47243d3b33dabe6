import { INFRASTRUCTURE_OUTCOMES, OUTCOMES, type Outcome } from '../../../core/sample.js'
import { TRANSFORMS } from '../../../core/transform.js'
import type { Rates, Summary } from '../../../evaluation/summary/summary.js'
import { OutcomeMark } from '../outcome-mark.js'
import { integer, percent, TRANSFORM_NAMES } from '../words.js'

const SCORED = OUTCOMES.filter((outcome) => !INFRASTRUCTURE_OUTCOMES.has(outcome))

/** How samples ended, as shares of those that were scored; failures of the machine are counted beside them. */
export function OutcomeFigure({
  summary,
  onOutcome,
}: {
  summary: Summary
  onOutcome: (outcome: string) => void
}) {
  const { overall, byTransform } = summary
  const seen = SCORED.filter((outcome) => overall.outcomes[outcome] > 0)
  const failures = OUTCOMES.filter(
    (outcome) => INFRASTRUCTURE_OUTCOMES.has(outcome) && overall.outcomes[outcome] > 0,
  )
  return (
    <section class="figure" aria-labelledby="outcome-title">
      <h2 id="outcome-title">How samples ended</h2>
      <table class="tracks">
        <tbody>
          {TRANSFORMS.flatMap((transform) => {
            const rates = byTransform[transform]
            return rates === undefined || rates.n === 0
              ? []
              : [<Row key={transform} name={TRANSFORM_NAMES[transform].short} rates={rates} seen={seen} />]
          })}
          {overall.n > 0 && <Row name="All" rates={overall} seen={seen} isWhole />}
        </tbody>
      </table>
      <ul class="key-list">
        {[...seen, ...failures].map((outcome) => (
          <li key={outcome}>
            <button type="button" class="link" onClick={() => onOutcome(outcome)}>
              <OutcomeMark ending={outcome} withName />
            </button>
            <span class="number">{integer(overall.outcomes[outcome])}</span>
            <span class="muted">
              {INFRASTRUCTURE_OUTCOMES.has(outcome)
                ? 'in no rate'
                : percent(overall.outcomes[outcome] / Math.max(1, overall.n))}
            </span>
          </li>
        ))}
        {overall.unusable > 0 && (
          <li>
            <button type="button" class="link" onClick={() => onOutcome('unusable')}>
              <OutcomeMark ending="unusable" withName />
            </button>
            <span class="number">{integer(overall.unusable)}</span>
            <span class="muted">image cannot be read; in no rate</span>
          </li>
        )}
      </ul>
    </section>
  )
}

function Row({
  name,
  rates,
  seen,
  isWhole = false,
}: {
  name: string
  rates: Rates
  seen: readonly Outcome[]
  isWhole?: boolean
}) {
  let before = 0
  const parts = seen.map((outcome) => {
    const share = rates.outcomes[outcome] / rates.n
    const start = before
    before += share
    return { outcome, share, start }
  })
  const text = parts
    .filter(({ share }) => share > 0)
    .map(({ outcome, share }) => `${outcome} ${percent(share)}`)
    .join(', ')
  return (
    <tr class={isWhole ? 'whole' : undefined}>
      <th scope="row">{name}</th>
      <td class="track-cell">
        <span class="unseen">{text}</span>
        <svg class="stack" width="100%" height="18" aria-hidden="true">
          <title>{text}</title>
          {parts.map(({ outcome, share, start }) =>
            share === 0 ? null : (
              <rect
                key={outcome}
                class={`fill ${outcome}`}
                x={`${100 * start}%`}
                width={`${100 * share}%`}
                y="1"
                height="16"
              />
            ),
          )}
        </svg>
      </td>
    </tr>
  )
}

import { TRANSFORMS } from '../../../core/transform.js'
import { reported } from '../../../evaluation/summary/reported.js'
import type { Rates } from '../../../evaluation/summary/summary.js'
import type { RunSource } from '../shell/run-source.js'
import { decimal, integer, TRANSFORM_NAMES } from '../words.js'

/** Several runs side by side; the scoring stands with each, since numbers of different ones do not compare. */
export function RunsTable({
  runs,
  current,
  onOpen,
}: {
  runs: readonly RunSource[]
  current: RunSource
  onOpen: (position: number) => void
}) {
  const occurring = TRANSFORMS.filter((transform) =>
    runs.some(({ data }) => data.summary.byTransform[transform] !== undefined),
  )
  return (
    <section class="figure wide" aria-labelledby="runs-title">
      <h2 id="runs-title">Runs</h2>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="runs-title">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Model</th>
              <th scope="col">Scoring</th>
              <th scope="col">n</th>
              <th scope="col">All, %</th>
              {occurring.map((transform) => (
                <th scope="col" key={transform}>
                  {TRANSFORM_NAMES[transform].short}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map(({ position, data: { name, summary } }) => (
              <tr key={position} aria-current={position === current.position ? 'true' : undefined}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => onOpen(position)}>
                    {name}
                  </button>
                </th>
                <td>{summary.policy.model}</td>
                <td>
                  {summary.scoring}, judge {summary.judge}
                </td>
                <td class="number">{integer(summary.overall.n)}</td>
                <td class="number">
                  <b>{share(reported(summary.overall).accuracy)}</b>
                </td>
                {occurring.map((transform) => (
                  <td class="number" key={transform}>
                    {share(accuracyOf(summary.byTransform[transform]))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function accuracyOf(rates: Rates | undefined): number | null {
  return rates === undefined ? null : reported(rates).accuracy
}

function share(accuracy: number | null): string {
  return accuracy === null ? '–' : decimal(100 * accuracy)
}

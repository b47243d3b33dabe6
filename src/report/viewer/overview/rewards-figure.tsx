import type { RewardMeans } from '../../report-data.js'
import { PlainText } from '../plain-text.js'
import { decimal, integer } from '../words.js'

/** Means of every component of a reward, over all samples and by outcome. */
export function RewardsFigure({ rewards }: { rewards: readonly RewardMeans[] }) {
  if (rewards.length === 0) return null
  return (
    <section class="figure wide" aria-labelledby="rewards-title">
      <h2 id="rewards-title">Rewards</h2>
      {rewards.map(({ name, overall, byOutcome }) => (
        <details key={name} open={rewards.length === 1}>
          <summary>
            <code>{name}</code> mean{' '}
            <b>{decimal(overall.means.find(([part]) => part === 'total')?.[1] ?? null, 3)}</b>
          </summary>
          <div class="scroll" tabIndex={0} role="region" aria-label={`Reward ${name}`}>
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">Mean of</th>
                  <th scope="col">all ({integer(overall.n)})</th>
                  {byOutcome.map(({ outcome, n }) => (
                    <th scope="col" key={outcome}>
                      {outcome} ({integer(n)})
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {overall.means.map(([part, mean]) => (
                  <tr key={part}>
                    <th scope="row">
                      <PlainText text={part} />
                    </th>
                    <td class="number">{decimal(mean, 3)}</td>
                    {byOutcome.map(({ outcome, means }) => (
                      <td class="number" key={outcome}>
                        {decimal(means.find(([name]) => name === part)?.[1] ?? null, 3)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ))}
    </section>
  )
}

import type { Reward } from '../../../core/reward.js'
import type { SampleDetail } from '../../report-data.js'
import { PlainText } from '../plain-text.js'
import { decimal } from '../words.js'
import { LongText } from './long-text.js'

/** The rewards of a sample, part by part; nothing where it has none. */
export function RewardView({ sample }: { sample: SampleDetail }) {
  const rewards: [string, Reward][] = [
    ...(sample.reward === null ? [] : [['Reward', sample.reward] satisfies [string, Reward]]),
    ...sample.derived.rewards,
  ]
  if (rewards.length === 0) return null
  return (
    <section class="block" aria-label="Rewards">
      {rewards.map(([name, reward]) => (
        <OneReward key={name} name={name} reward={reward} />
      ))}
    </section>
  )
}

function OneReward({ name, reward: { total, parts, reasons } }: { name: string; reward: Reward }) {
  const values = Object.entries(parts)
  const reach = Math.max(1, ...values.map(([, value]) => Math.abs(value)))
  return (
    <details class="reward" open>
      <summary>
        Reward <code>{name}</code> <b>{decimal(total, 3)}</b>
      </summary>
      <div class="reward-body">
        <table class="parts">
          <tbody>
            {values.map(([part, value]) => (
              <tr key={part}>
                <th scope="row">
                  <PlainText text={part} />
                </th>
                <td class="bar-cell">
                  <svg width="100%" height="10" aria-hidden="true">
                    <rect
                      class={value < 0 ? 'negative' : 'positive'}
                      x="0"
                      y="1"
                      height="8"
                      rx="2"
                      width={`${(100 * Math.abs(value)) / reach}%`}
                    />
                  </svg>
                </td>
                <td class="number">{decimal(value, 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <ul class="reasons">
          {reasons.map((reason, index) => (
            <li key={index}>
              <LongText text={reason} />
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}

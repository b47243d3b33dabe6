import type { RunSource } from '../shell/run-source.js'
import { decimal, integer } from '../words.js'
import type { Pairing } from './pair-runs.js'
import { settingDifferences } from './setting-differences.js'
import { shortPlaces } from './short-places.js'

/** What both runs earned over the pairs, in percent, the difference, and what was set up differently. */
export function Change({
  a,
  b,
  pairing: { pairs, unpaired, isPartial },
}: {
  a: RunSource
  b: RunSource
  pairing: Pairing
}) {
  const mean = (side: 'a' | 'b'): number =>
    (100 * pairs.reduce((sum, pair) => sum + (pair[side].value ?? 0), 0)) / Math.max(1, pairs.length)
  const [before, after] = [mean('a'), mean('b')]
  const difference = after - before
  const differing = settingDifferences(a.data, b.data)
  return (
    <div class="change">
      <p>
        {isPartial ? 'Mean credit' : 'Accuracy'} {decimal(before)} % → <b>{decimal(after)} %</b>{' '}
        <b class={difference < 0 ? 'worse' : difference > 0 ? 'better' : ''}>
          {difference < 0 ? '−' : '+'}
          {decimal(Math.abs(difference))}
        </b>{' '}
        <span class="muted">
          over {integer(pairs.length)} pairs{unpaired > 0 ? `; ${integer(unpaired)} without a partner` : ''}
        </span>
      </p>
      {differing.length > 0 && (
        <details class="raw">
          <summary class="warn-text">
            Set up differently: {shortPlaces(differing.map(({ name }) => name)).join(', ')}
          </summary>
          <dl class="facts-list">
            {differing.map(({ name, a: one, b: other }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  {one} → {other}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  )
}

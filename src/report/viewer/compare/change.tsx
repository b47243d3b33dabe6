import type { RunSource } from '../shell/run-source.js'
import { decimal, integer } from '../words.js'
import type { Pair, Pairing } from './pair-runs.js'
import { settingDifferences } from './setting-differences.js'

/** Both accuracies over the pairs, their difference, and what was set up differently. */
export function Change({
  a,
  b,
  pairing: { pairs, unpaired },
}: {
  a: RunSource
  b: RunSource
  pairing: Pairing
}) {
  const right = (of: (pair: Pair) => boolean): number =>
    pairs.length === 0 ? 0 : (100 * pairs.filter(of).length) / pairs.length
  const before = right(({ kind }) => kind === 'both-right' || kind === 'lost')
  const after = right(({ kind }) => kind === 'both-right' || kind === 'gained')
  const difference = after - before
  const differing = settingDifferences(a.data, b.data)
  return (
    <div class="change">
      <p>
        {decimal(before)} % → <b>{decimal(after)} %</b>{' '}
        <b class={difference < 0 ? 'worse' : 'better'}>
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
            Set up differently: {differing.map(({ name }) => name).join(', ')}
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

import { SampleView } from '../sample/sample-view.js'
import { turnsOf } from '../sample/turns-of.js'
import type { Route } from '../shell/route.js'
import type { RunSource } from '../shell/run-source.js'
import { useKeys } from '../shell/use-keys.js'
import { useLoaded } from '../shell/use-loaded.js'
import type { Navigate } from '../shell/use-route.js'
import type { Pair } from './pair-runs.js'

/** Both trajectories of a pair; the arrow keys step through the turns of both. */
export function PairView({
  pair,
  a,
  b,
  route,
  navigate,
}: {
  pair: Pair
  a: RunSource
  b: RunSource
  route: Route
  navigate: Navigate
}) {
  const loaded = useLoaded(`${a.position} ${b.position} ${pair.key}`, () =>
    Promise.all([a.detail(pair.a), b.detail(pair.b)]),
  )
  const count =
    loaded.status === 'ready'
      ? Math.max(...loaded.value.map(({ trajectory }) => turnsOf(trajectory).length))
      : 0
  const step = (by: number) => (): boolean => {
    const turn = route.turn + by
    if (turn < 0 || turn >= count) return false
    navigate({ turn }, 'replace')
    return true
  }
  useKeys({ ArrowRight: step(1), ArrowLeft: step(-1) })
  if (loaded.status === 'loading') return <p class="note">Loading …</p>
  if (loaded.status === 'failed')
    return (
      <p class="note failed" role="alert">
        {loaded.message}
      </p>
    )
  const [one, other] = loaded.value
  const onTurn = (turn: number): void => navigate({ turn }, 'replace')
  return (
    <div class="side-by-side">
      <section aria-label={`A, ${a.data.name}`}>
        <p class="side-name">
          <b>A</b> {a.data.name}
        </p>
        <SampleView run={a} row={pair.a} sample={one} turn={route.turn} onTurn={onTurn} />
      </section>
      <section aria-label={`B, ${b.data.name}`}>
        <p class="side-name">
          <b>B</b> {b.data.name}
        </p>
        <SampleView run={b} row={pair.b} sample={other} turn={route.turn} onTurn={onTurn} />
      </section>
    </div>
  )
}

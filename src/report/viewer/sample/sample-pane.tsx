import type { SampleRow } from '../../report-data.js'
import type { Route } from '../shell/route.js'
import type { RunSource } from '../shell/run-source.js'
import { useKeys } from '../shell/use-keys.js'
import { useLoaded } from '../shell/use-loaded.js'
import type { Navigate } from '../shell/use-route.js'
import { SampleView } from './sample-view.js'
import { turnsOf } from './turns-of.js'

/** Loads a sample and shows it; the arrow keys step through its turns. */
export function SamplePane({
  run,
  row,
  route,
  navigate,
}: {
  run: RunSource
  row: SampleRow
  route: Route
  navigate: Navigate
}) {
  const loaded = useLoaded(`${run.position} ${row.key}`, () => run.detail(row))
  const count = loaded.status === 'ready' ? turnsOf(loaded.value.trajectory).length : 0
  const step = (by: number) => (): boolean => {
    const turn = route.turn + by
    if (turn < 0 || turn >= count) return false
    navigate({ turn }, 'replace')
    return true
  }
  useKeys({ ArrowRight: step(1), ArrowLeft: step(-1) })
  switch (loaded.status) {
    case 'loading':
      return <p class="note">Loading …</p>
    case 'failed':
      return (
        <p class="note failed" role="alert">
          {loaded.message}
        </p>
      )
    case 'ready':
      return (
        <SampleView
          run={run}
          row={row}
          sample={loaded.value}
          turn={route.turn}
          onTurn={(turn) => navigate({ turn }, 'replace')}
        />
      )
  }
}

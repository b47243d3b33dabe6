import { useEffect, useState } from 'preact/hooks'
import type { PageBoot } from '../../report-data.js'
import { ComparePage } from '../compare/compare-page.js'
import { OverviewPage } from '../overview/overview-page.js'
import { SamplesPage } from '../samples/samples-page.js'
import { Help } from './help.js'
import type { Route, View } from './route.js'
import { loadRun, type RunSource } from './run-source.js'
import { ThemeSwitch } from './theme.js'
import { useKeys } from './use-keys.js'
import { useLoaded, type Loaded } from './use-loaded.js'
import { useRoute, type Navigate } from './use-route.js'

/** The whole page. */
export function App({ boot }: { boot: PageBoot }) {
  const [route, navigate] = useRoute()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const runs = useLoaded('runs', () =>
    Promise.all(boot.runs.map((_, position) => loadRun({ boot, position }))),
  )
  const several = boot.runs.length > 1
  const go = (view: View) => () => navigate({ view, sample: null, turn: 0 })
  useKeys({
    '?': () => setHelpOpen(true),
    o: go('overview'),
    s: go('samples'),
    c: () => (several ? go('compare')() : false),
  })
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand" aria-hidden="true">
          <b>Code</b>Vision
        </span>
        <RunChoice boot={boot} route={route} navigate={navigate} />
        <nav aria-label="Views">
          <Tab view="overview" name="Overview" route={route} onOpen={go('overview')} />
          <Tab view="samples" name="Samples" route={route} onOpen={go('samples')} />
          {several && <Tab view="compare" name="Compare" route={route} onOpen={go('compare')} />}
        </nav>
        <div class="tools">
          <ThemeSwitch />
          <button type="button" class="quiet" onClick={() => setHelpOpen(true)} aria-label="Keys and help">
            <span aria-hidden="true">?</span>
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Page runs={runs} route={route} navigate={navigate} />
      </main>
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </>
  )
}

function Page({ runs, route, navigate }: { runs: Loaded<RunSource[]>; route: Route; navigate: Navigate }) {
  const run = runs.status === 'ready' ? (runs.value[route.run] ?? runs.value[0]) : undefined
  useEffect(() => {
    if (run !== undefined) document.title = `${run.data.name} · CodeVision`
  }, [run])
  if (runs.status === 'loading') return <p class="note">Loading …</p>
  if (runs.status === 'failed')
    return (
      <p class="note failed" role="alert">
        {runs.message}
      </p>
    )
  if (run === undefined) return <p class="note">This page holds no run.</p>
  switch (route.view) {
    case 'overview':
      return <OverviewPage runs={runs.value} run={run} navigate={navigate} />
    case 'samples':
      return <SamplesPage run={run} route={route} navigate={navigate} />
    case 'compare':
      return <ComparePage runs={runs.value} route={route} navigate={navigate} />
  }
}

function RunChoice({ boot, route, navigate }: { boot: PageBoot; route: Route; navigate: Navigate }) {
  if (boot.runs.length < 2 || route.view === 'compare')
    return <span class="run-name">{boot.runs.length < 2 ? boot.runs[0]?.name : ''}</span>
  return (
    <select
      class="run-name"
      aria-label="Run"
      value={String(route.run)}
      onChange={(event) => navigate({ run: Number(event.currentTarget.value), turn: 0 })}
    >
      {boot.runs.map(({ name }, position) => (
        <option key={position} value={String(position)}>
          {name}
        </option>
      ))}
    </select>
  )
}

function Tab({ view, name, route, onOpen }: { view: View; name: string; route: Route; onOpen: () => void }) {
  const isHere = route.view === view
  return (
    <button type="button" class="tab" aria-current={isHere ? 'page' : undefined} onClick={onOpen}>
      {name}
    </button>
  )
}

/** The address belongs to the route, so the jump must not change it. */
function skipToMain(event: Event): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}

import { useMemo } from 'preact/hooks'
import { ListPage, type ListWords } from '../shell/list-page.js'
import { PAIR_KINDS, type PairKind, type Route } from '../shell/route.js'
import type { RunSource } from '../shell/run-source.js'
import type { Navigate } from '../shell/use-route.js'
import { integer } from '../words.js'
import { Change } from './change.js'
import { isOfKind, pairRuns, type Pairing } from './pair-runs.js'
import { PairRow } from './pair-row.js'
import { PairView } from './pair-view.js'

const KIND_NAMES: Readonly<Record<PairKind, string>> = {
  flips: 'All flips',
  gained: 'Only B right',
  lost: 'Only A right',
  'both-right': 'Both right',
  'both-wrong': 'Neither right',
  all: 'All pairs',
}

/** The same where answers can earn a part of the credit. */
const CREDIT_KIND_NAMES: typeof KIND_NAMES = {
  flips: 'All changes',
  gained: 'B earned more',
  lost: 'A earned more',
  'both-right': 'Both in full',
  'both-wrong': 'Alike, not in full',
  all: 'All pairs',
}

const WORDS: ListWords = {
  list: 'Pairs',
  none: 'No pair is like that.',
  detail: 'Both trajectories',
  back: 'All pairs',
}

/** Two runs question by question: which answers changed, and how each came about. */
export function ComparePage({
  runs,
  route,
  navigate,
}: {
  runs: readonly RunSource[]
  route: Route
  navigate: Navigate
}) {
  const { a: first, b: second, kind } = route.pair
  const [a, b] = [runs[first] ?? runs[0], runs[second] ?? runs[1] ?? runs[0]]
  const pairing = useMemo(
    (): Pairing =>
      a === undefined || b === undefined
        ? { pairs: [], unpaired: 0, isPartial: false }
        : pairRuns(a.rows, b.rows),
    [a, b],
  )
  const shown = useMemo(() => pairing.pairs.filter((pair) => isOfKind(pair, kind)), [pairing, kind])
  if (a === undefined || b === undefined) return <p class="note">Two runs are needed.</p>
  const open = pairing.pairs.find(({ key }) => key === route.sample)
  const choose = (change: Partial<Route['pair']>): void =>
    navigate({ pair: { ...route.pair, ...change }, sample: null })
  return (
    <ListPage
      class="compare"
      words={WORDS}
      head={
        <>
          <RunSelect name="A" runs={runs} value={a} onChange={(position) => choose({ a: position })} />
          <RunSelect name="B" runs={runs} value={b} onChange={(position) => choose({ b: position })} />
          <Change a={a} b={b} pairing={pairing} />
          <KindChoice
            pairing={pairing}
            kind={kind}
            onChange={(kind) => navigate({ pair: { ...route.pair, kind } }, 'replace')}
          />
        </>
      }
      rows={shown}
      openKey={route.sample}
      navigate={navigate}
      renderRow={(pair) => <PairRow pair={pair} withCredit={pairing.isPartial} />}
      hint={
        <>
          Choose a pair, or press <kbd>j</kbd>.
        </>
      }
    >
      {open === undefined ? null : (
        <PairView key={open.key} pair={open} a={a} b={b} route={route} navigate={navigate} />
      )}
    </ListPage>
  )
}

function KindChoice({
  pairing: { pairs, isPartial },
  kind,
  onChange,
}: {
  pairing: Pairing
  kind: PairKind
  onChange: (kind: PairKind) => void
}) {
  const names = isPartial ? CREDIT_KIND_NAMES : KIND_NAMES
  return (
    <fieldset class="kinds">
      <legend class="unseen">Which pairs</legend>
      {PAIR_KINDS.map((name) => (
        <label key={name} class="choice">
          <input type="radio" name="pair-kind" checked={kind === name} onChange={() => onChange(name)} />
          <span>{names[name]}</span>
          <span class="count">{integer(pairs.filter((pair) => isOfKind(pair, name)).length)}</span>
        </label>
      ))}
    </fieldset>
  )
}

function RunSelect({
  name,
  runs,
  value,
  onChange,
}: {
  name: string
  runs: readonly RunSource[]
  value: RunSource
  onChange: (position: number) => void
}) {
  return (
    <label class="run-select">
      <b>{name}</b>
      <select
        value={String(value.position)}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      >
        {runs.map(({ position, data }) => (
          <option key={position} value={String(position)}>
            {data.name}
          </option>
        ))}
      </select>
    </label>
  )
}

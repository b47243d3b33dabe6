import { useMemo } from 'preact/hooks'
import { VirtualList } from '../samples/virtual-list.js'
import { PAIR_KINDS, type PairKind, type Route } from '../shell/route.js'
import { Pager } from '../shell/pager.js'
import type { RunSource } from '../shell/run-source.js'
import { useKeys } from '../shell/use-keys.js'
import type { Navigate } from '../shell/use-route.js'
import { integer } from '../words.js'
import { Change } from './change.js'
import { isOfKind, pairRuns } from './pair-runs.js'
import { PairRow } from './pair-row.js'
import { PairView } from './pair-view.js'

const ROW_HEIGHT = 62

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
    () =>
      a === undefined || b === undefined
        ? { pairs: [], unpaired: 0, isPartial: false }
        : pairRuns(a.rows, b.rows),
    [a, b],
  )
  const shown = useMemo(() => pairing.pairs.filter((pair) => isOfKind(pair, kind)), [pairing, kind])
  const selected = shown.findIndex(({ key }) => key === route.sample)
  const open = pairing.pairs.find(({ key }) => key === route.sample)
  const show = (index: number): boolean => {
    const pair = shown[index]
    if (pair === undefined) return false
    navigate({ sample: pair.key, turn: 0 }, route.sample === null ? 'push' : 'replace')
    return true
  }
  const next = () => show(selected + 1)
  const previous = () => (selected < 0 ? false : show(selected - 1))
  useKeys({
    j: next,
    k: previous,
    ArrowDown: next,
    ArrowUp: previous,
    Escape: () => {
      if (route.sample === null || document.querySelector('dialog[open]') !== null) return false
      navigate({ sample: null, turn: 0 })
      return true
    },
  })
  if (a === undefined || b === undefined) return <p class="note">Two runs are needed.</p>
  return (
    <div class={`compare${route.sample === null ? '' : ' is-open'}`}>
      <section class="list-pane" aria-label="Pairs">
        <div class="list-head">
          <RunSelect
            name="A"
            runs={runs}
            value={a}
            onChange={(position) => navigate({ pair: { ...route.pair, a: position }, sample: null })}
          />
          <RunSelect
            name="B"
            runs={runs}
            value={b}
            onChange={(position) => navigate({ pair: { ...route.pair, b: position }, sample: null })}
          />
          <Change a={a} b={b} pairing={pairing} />
          <fieldset class="kinds">
            <legend class="unseen">Which pairs</legend>
            {PAIR_KINDS.map((name) => (
              <label key={name} class="choice">
                <input
                  type="radio"
                  name="pair-kind"
                  checked={kind === name}
                  onChange={() => navigate({ pair: { ...route.pair, kind: name } }, 'replace')}
                />
                <span>{(pairing.isPartial ? CREDIT_KIND_NAMES : KIND_NAMES)[name]}</span>
                <span class="count">
                  {integer(pairing.pairs.filter((pair) => isOfKind(pair, name)).length)}
                </span>
              </label>
            ))}
          </fieldset>
        </div>
        {shown.length === 0 ? (
          <p class="note">No pair is like that.</p>
        ) : (
          <VirtualList
            label="Pairs"
            count={shown.length}
            rowHeight={ROW_HEIGHT}
            selected={selected}
            idOf={(index) => `pair-${index}`}
            renderRow={(index) => {
              const pair = shown[index]
              return pair === undefined ? null : <PairRow pair={pair} withCredit={pairing.isPartial} />
            }}
            onSelect={(index) => show(index)}
          />
        )}
      </section>
      <section class="detail-pane" aria-label="Both trajectories" tabIndex={-1}>
        {open === undefined ? (
          <p class="note">
            Choose a pair, or press <kbd>j</kbd>.
          </p>
        ) : (
          <>
            <Pager
              back="All pairs"
              selected={selected}
              count={shown.length}
              onBack={() => navigate({ sample: null, turn: 0 })}
              onPrevious={previous}
              onNext={next}
            />
            <PairView key={open.key} pair={open} a={a} b={b} route={route} navigate={navigate} />
          </>
        )}
      </section>
    </div>
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

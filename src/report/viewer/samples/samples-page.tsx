import { useMemo, useRef, useState } from 'preact/hooks'
import { SamplePane } from '../sample/sample-pane.js'
import type { Route } from '../shell/route.js'
import { Pager } from '../shell/pager.js'
import type { RunSource } from '../shell/run-source.js'
import { useKeys } from '../shell/use-keys.js'
import type { Navigate } from '../shell/use-route.js'
import { integer } from '../words.js'
import { FilterPanel } from './filter-panel.js'
import { FACETS, filterSamples, NO_FILTERS, type Filters } from './filters.js'
import { SampleRowView } from './sample-row.js'
import { SORT_NAMES, SORTS, sortSamples, type Sort } from './sort-samples.js'
import { VirtualList } from './virtual-list.js'

const ROW_HEIGHT = 62

/** Filters, list and the open sample; on a narrow screen one of the last two at a time. */
export function SamplesPage({ run, route, navigate }: { run: RunSource; route: Route; navigate: Navigate }) {
  const { filters, sort, sample: openKey } = route
  const search = useRef<HTMLInputElement>(null)
  const [isFilterOpen, setFilterOpen] = useState(false)
  const all = useMemo(() => filterSamples(run.rows, NO_FILTERS).counts, [run])
  const { rows: passing, counts } = useMemo(() => filterSamples(run.rows, filters), [run, filters])
  const rows = useMemo(() => sortSamples(passing, sort), [passing, sort])
  const selected = openKey === null ? -1 : rows.findIndex(({ key }) => key === openKey)
  const open = openKey === null ? undefined : run.byKey.get(openKey)
  const withEpochs = run.data.summary.epochs > 1

  const change = (next: Filters): void => navigate({ filters: next }, 'replace')
  const show = (index: number): boolean => {
    const row = rows[index]
    if (row === undefined) return false
    navigate({ sample: row.key, turn: 0 }, openKey === null ? 'push' : 'replace')
    return true
  }
  const next = () => show(selected + 1)
  const previous = () => (selected < 0 ? false : show(selected - 1))
  useKeys({
    j: next,
    k: previous,
    ArrowDown: next,
    ArrowUp: previous,
    '/': () => search.current?.focus(),
    Escape: () => {
      if (document.querySelector('dialog[open]') !== null) return false
      if (document.activeElement === search.current) search.current?.blur()
      else if (openKey !== null) navigate({ sample: null, turn: 0 })
      else return false
      return true
    },
  })

  const chosen = FACETS.reduce((sum, facet) => sum + filters.chosen[facet].length, 0)
  return (
    <div class={`samples${openKey === null ? '' : ' is-open'}${isFilterOpen ? ' with-filters' : ''}`}>
      <aside aria-label="Filters">
        <FilterPanel all={all} counts={counts} filters={filters} onChange={change} />
      </aside>
      <section class="list-pane" aria-label="Samples">
        <div class="list-head">
          <input
            ref={search}
            type="search"
            placeholder="Search questions and answers"
            aria-label="Search questions and answers"
            value={filters.query}
            onInput={(event) => change({ ...filters, query: event.currentTarget.value })}
          />
          <div class="list-line">
            <span role="status">
              <b>{integer(rows.length)}</b> of {integer(run.rows.length)}
            </span>
            <button
              type="button"
              class="quiet filter-button"
              aria-expanded={isFilterOpen}
              onClick={() => setFilterOpen(!isFilterOpen)}
            >
              Filters{chosen > 0 ? ` (${chosen})` : ''}
            </button>
            <select
              aria-label="Order"
              value={sort}
              onChange={(event) => navigate({ sort: event.currentTarget.value as Sort }, 'replace')}
            >
              {SORTS.map((name) => (
                <option key={name} value={name}>
                  {SORT_NAMES[name]}
                </option>
              ))}
            </select>
          </div>
        </div>
        {rows.length === 0 ? (
          <p class="note">No sample is like that.</p>
        ) : (
          <VirtualList
            label="Samples"
            count={rows.length}
            rowHeight={ROW_HEIGHT}
            selected={selected}
            idOf={(index) => `sample-${index}`}
            renderRow={(index) => {
              const row = rows[index]
              return row === undefined ? null : <SampleRowView row={row} withEpoch={withEpochs} />
            }}
            onSelect={(index) => show(index)}
          />
        )}
      </section>
      <section class="detail-pane" aria-label="Sample" tabIndex={-1}>
        {openKey === null ? (
          <p class="note">
            Choose a sample, or press <kbd>j</kbd>. <kbd>?</kbd> lists the keys.
          </p>
        ) : open === undefined ? (
          <p class="note failed" role="alert">
            This run has no sample with the key <code>{openKey}</code>.
          </p>
        ) : (
          <>
            <Pager
              back="All samples"
              selected={selected}
              count={rows.length}
              onBack={() => navigate({ sample: null, turn: 0 })}
              onPrevious={previous}
              onNext={next}
            />
            <SamplePane key={open.key} run={run} row={open} route={route} navigate={navigate} />
          </>
        )}
      </section>
    </div>
  )
}

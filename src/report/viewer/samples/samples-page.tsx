import { useMemo, useRef, useState } from 'preact/hooks'
import { SamplePane } from '../sample/sample-pane.js'
import { ListPage, type ListWords } from '../shell/list-page.js'
import type { Route } from '../shell/route.js'
import type { RunSource } from '../shell/run-source.js'
import { useKeys } from '../shell/use-keys.js'
import type { Navigate } from '../shell/use-route.js'
import { FilterPanel } from './filter-panel.js'
import { filterSamples, NO_FILTERS, type Filters } from './filters.js'
import { ListHead } from './list-head.js'
import { SampleRowView } from './sample-row.js'
import { sortSamples } from './sort-samples.js'

const WORDS: ListWords = {
  list: 'Samples',
  none: 'No sample is like that.',
  detail: 'Sample',
  back: 'All samples',
}

/** Filters, list and the open sample. */
export function SamplesPage({ run, route, navigate }: { run: RunSource; route: Route; navigate: Navigate }) {
  const { filters, sort, sample: openKey } = route
  const search = useRef<HTMLInputElement>(null)
  const [isFilterOpen, setFilterOpen] = useState(false)
  const all = useMemo(() => filterSamples(run.rows, NO_FILTERS).counts, [run])
  const { rows: passing, counts } = useMemo(() => filterSamples(run.rows, filters), [run, filters])
  const rows = useMemo(() => sortSamples(passing, sort), [passing, sort])
  const open = openKey === null ? undefined : run.byKey.get(openKey)
  const withEpochs = run.data.summary.epochs > 1
  const withCredit = run.data.summary.overall.partial !== null
  const change = (next: Filters): void => navigate({ filters: next }, 'replace')
  useKeys({ '/': () => search.current?.focus() })
  return (
    <ListPage
      class={`samples${isFilterOpen ? ' with-filters' : ''}`}
      words={WORDS}
      aside={
        <aside aria-label="Filters">
          <FilterPanel all={all} counts={counts} filters={filters} onChange={change} />
        </aside>
      }
      head={
        <ListHead
          {...{ search, filters, sort, isFilterOpen }}
          passing={rows.length}
          all={run.rows.length}
          onFilters={change}
          onSort={(sort) => navigate({ sort }, 'replace')}
          onToggle={() => setFilterOpen(!isFilterOpen)}
        />
      }
      rows={rows}
      openKey={openKey}
      navigate={navigate}
      renderRow={(row) => <SampleRowView row={row} withEpoch={withEpochs} withCredit={withCredit} />}
      hint={
        <>
          Choose a sample, or press <kbd>j</kbd>. <kbd>?</kbd> lists the keys.
        </>
      }
    >
      {open === undefined ? null : (
        <SamplePane key={open.key} run={run} row={open} route={route} navigate={navigate} />
      )}
    </ListPage>
  )
}

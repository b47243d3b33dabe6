import type { RefObject } from 'preact'
import { integer } from '../words.js'
import { FACETS, type Filters } from './filters.js'
import { SORT_NAMES, SORTS, type Sort } from './sort-samples.js'

/** Above the list of samples: search, how many pass, the button of the filters where the page is narrow, and the order. */
export function ListHead({
  search,
  filters,
  sort,
  passing,
  all,
  isFilterOpen,
  onFilters,
  onSort,
  onToggle,
}: {
  search: RefObject<HTMLInputElement | null>
  filters: Filters
  sort: Sort
  /** Samples that pass the filters. */
  passing: number
  all: number
  isFilterOpen: boolean
  onFilters: (filters: Filters) => void
  onSort: (sort: Sort) => void
  /** Open or close the filters. */
  onToggle: () => void
}) {
  const chosen = FACETS.reduce((sum, facet) => sum + filters.chosen[facet].length, 0)
  return (
    <>
      <input
        ref={search}
        type="search"
        placeholder="Search questions and answers"
        aria-label="Search questions and answers"
        value={filters.query}
        onInput={(event) => onFilters({ ...filters, query: event.currentTarget.value })}
      />
      <div class="list-line">
        <span role="status">
          <b>{integer(passing)}</b> of {integer(all)}
        </span>
        <button type="button" class="quiet filter-button" aria-expanded={isFilterOpen} onClick={onToggle}>
          Filters{chosen > 0 ? ` (${chosen})` : ''}
        </button>
        <select
          aria-label="Order"
          value={sort}
          onChange={(event) => onSort(event.currentTarget.value as Sort)}
        >
          {SORTS.map((name) => (
            <option key={name} value={name}>
              {SORT_NAMES[name]}
            </option>
          ))}
        </select>
      </div>
    </>
  )
}

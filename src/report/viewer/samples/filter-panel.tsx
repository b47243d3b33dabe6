import { OUTCOMES } from '../../../core/sample.js'
import { TRANSFORMS } from '../../../core/transform.js'
import { CORE_TOOLS } from '../../../reward/tools.js'
import { OutcomeMark } from '../outcome-mark.js'
import { visibleText } from '../../../core/visible-text.js'
import { CALL_NAMES, integer, TRANSFORM_NAMES } from '../words.js'
import type { Ending } from '../../../core/sample.js'
import type { Transform } from '../../../core/transform.js'
import {
  FACETS,
  isFiltered,
  NO_FILTERS,
  toggled,
  type Facet,
  type Filtered,
  type Filters,
} from './filters.js'

const TITLES: Readonly<Record<Facet, string>> = {
  outcome: 'Outcome',
  transform: 'Transformation',
  calls: 'Calls',
  tool: 'Tool',
  category: 'Category',
  turns: 'Turns',
}

/** The order in which values with one are listed; others follow by their number of samples. */
const ORDERS: Readonly<Partial<Record<Facet, readonly string[]>>> = {
  outcome: [...OUTCOMES, 'unusable'],
  transform: TRANSFORMS,
  calls: Object.keys(CALL_NAMES),
}

/** Values that a facet shows before it is asked for all of them. */
const SHOWN = 40

/** What samples can be told apart by, with the number of samples beside each choice. */
export function FilterPanel({
  all,
  counts,
  filters,
  onChange,
}: {
  /** Values that occur at all, so that a choice does not vanish when it would leave nothing. */
  all: Filtered['counts']
  counts: Filtered['counts']
  filters: Filters
  onChange: (filters: Filters) => void
}) {
  return (
    <div class="filters">
      {FACETS.map((facet) => {
        const values = ordered(facet, all[facet])
        if (values.length === 0) return null
        return (
          <fieldset key={facet}>
            <legend>{TITLES[facet]}</legend>
            {values.slice(0, SHOWN).map((value) => (
              <Choice
                key={value}
                facet={facet}
                value={value}
                count={counts[facet].get(value) ?? 0}
                isChosen={filters.chosen[facet].includes(value)}
                onToggle={() => onChange(toggled(filters, facet, value))}
              />
            ))}
            {values.length > SHOWN && (
              <p class="muted">{values.length - SHOWN} more: search finds their samples.</p>
            )}
          </fieldset>
        )
      })}
      <button
        type="button"
        class="quiet"
        disabled={!isFiltered(filters)}
        onClick={() => onChange(NO_FILTERS)}
      >
        Show all samples
      </button>
    </div>
  )
}

function Choice({
  facet,
  value,
  count,
  isChosen,
  onToggle,
}: {
  facet: Facet
  value: string
  count: number
  isChosen: boolean
  onToggle: () => void
}) {
  return (
    <label class={count === 0 && !isChosen ? 'choice empty' : 'choice'}>
      <input type="checkbox" checked={isChosen} onChange={onToggle} />
      <span class="choice-name">
        <Name facet={facet} value={value} />
      </span>
      <span class="count">{integer(count)}</span>
    </label>
  )
}

function Name({ facet, value }: { facet: Facet; value: string }) {
  switch (facet) {
    case 'outcome':
      return <OutcomeMark ending={value as Ending} withName />
    case 'transform':
      return (
        <span title={TRANSFORM_NAMES[value as Transform]?.long}>
          {TRANSFORM_NAMES[value as Transform]?.short ?? value}
        </span>
      )
    case 'calls':
      return <>{CALL_NAMES[value] ?? value}</>
    case 'tool':
      return (
        <>
          <code>{value}</code>
          {!CORE_TOOLS.has(value) && <span class="tag">emergent</span>}
        </>
      )
    case 'category':
    case 'turns':
      return <bdi>{visibleText(value)}</bdi>
  }
}

function ordered(facet: Facet, counts: ReadonlyMap<string, number>): string[] {
  const values = [...counts.keys()]
  const order = ORDERS[facet]
  if (facet === 'turns') return values.sort((a, b) => Number(a) - Number(b))
  if (order !== undefined) return order.filter((value) => counts.has(value))
  return values.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1))
}

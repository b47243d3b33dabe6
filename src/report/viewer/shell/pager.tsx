import { integer } from '../words.js'

/** Above what is open: back to the list, where it stands in it, and its neighbours. */
export function Pager({
  back,
  selected,
  count,
  onBack,
  onPrevious,
  onNext,
}: {
  /** Words of the way back, such as `All samples`. */
  back: string
  /** Place in the list, from 0; -1: the list does not show it. */
  selected: number
  count: number
  onBack: () => void
  onPrevious: () => void
  onNext: () => void
}) {
  return (
    <div class="pager">
      <button type="button" class="quiet back" onClick={onBack}>
        ‹ {back}
      </button>
      <span class="muted">
        {selected < 0 ? 'not in this selection' : `${integer(selected + 1)} of ${integer(count)}`}
      </span>
      <button type="button" class="quiet" disabled={selected <= 0} onClick={onPrevious}>
        Previous
      </button>
      <button type="button" class="quiet" disabled={selected >= count - 1} onClick={onNext}>
        Next
      </button>
    </div>
  )
}

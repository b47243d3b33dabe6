import type { ComponentChildren } from 'preact'
import { VirtualList } from './virtual-list.js'
import { Pager } from './pager.js'
import { useKeys } from './use-keys.js'
import type { Navigate } from './use-route.js'

const ROW_HEIGHT = 62

/** What a page of a list and the open one of it says, in the words of its matter. */
export interface ListWords {
  /** Name of the list, such as `Samples`. */
  list: string
  /** Instead of a list without rows. */
  none: string
  /** Name of the pane of the open one. */
  detail: string
  /** The way back, such as `All samples`. */
  back: string
}

/** A list and the open one of it, with the keys that step through them; on a narrow screen one of the two at a time. */
export function ListPage<Row extends { key: string }>({
  class: kind,
  words,
  aside,
  head,
  rows,
  openKey,
  navigate,
  renderRow,
  hint,
  children,
}: {
  class: string
  words: ListWords
  /** A pane before the list. */
  aside?: ComponentChildren
  /** Above the list. */
  head: ComponentChildren
  rows: readonly Row[]
  /** Key of the open one; null: none. */
  openKey: string | null
  navigate: Navigate
  renderRow: (row: Row) => ComponentChildren
  /** Instead of an open one. */
  hint: ComponentChildren
  /** The open one, which the list need not show; null: there is none of that key. */
  children: ComponentChildren
}) {
  const selected = openKey === null ? -1 : rows.findIndex(({ key }) => key === openKey)
  const close = (): void => navigate({ sample: null, turn: 0 })
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
    Escape: () => {
      if (document.querySelector('dialog[open]') !== null) return false
      const { activeElement } = document
      if (activeElement instanceof HTMLInputElement && activeElement.type === 'search') activeElement.blur()
      else if (openKey !== null) close()
      else return false
      return true
    },
  })
  return (
    <div class={`${kind}${openKey === null ? '' : ' is-open'}`}>
      {aside}
      <section class="list-pane" aria-label={words.list}>
        <div class="list-head">{head}</div>
        {rows.length === 0 ? (
          <p class="note">{words.none}</p>
        ) : (
          <VirtualList
            label={words.list}
            count={rows.length}
            rowHeight={ROW_HEIGHT}
            selected={selected}
            idOf={(index) => `row-${index}`}
            renderRow={(index) => {
              const row = rows[index]
              return row === undefined ? null : renderRow(row)
            }}
            onSelect={(index) => show(index)}
          />
        )}
      </section>
      <section class="detail-pane" aria-label={words.detail} tabIndex={-1}>
        {openKey === null ? (
          <p class="note">{hint}</p>
        ) : children === null ? (
          <p class="note failed" role="alert">
            Nothing here has the key <code>{openKey}</code>.
          </p>
        ) : (
          <>
            <Pager
              back={words.back}
              selected={selected}
              count={rows.length}
              onBack={close}
              onPrevious={previous}
              onNext={next}
            />
            {children}
          </>
        )}
      </section>
    </div>
  )
}

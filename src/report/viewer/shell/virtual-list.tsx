import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows drawn beyond what is seen, on each side. */
const OVERSCAN = 6

/** A list box of rows of one height, of which only those in view exist; ten thousand cost no more than twenty. */
export function VirtualList({
  label,
  count,
  rowHeight,
  selected,
  idOf,
  renderRow,
  onSelect,
}: {
  label: string
  count: number
  /** In CSS pixels. */
  rowHeight: number
  /** Index of the selected row; -1: none. */
  selected: number
  idOf: (index: number) => string
  renderRow: (index: number) => ComponentChildren
  onSelect: (index: number) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [])

  useEffect(() => {
    const element = box.current
    if (element === null || selected < 0) return
    const top = selected * rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight
  }, [selected, rowHeight, count])

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN)
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN)
  const isDrawn = selected >= first && selected < last
  return (
    <div
      ref={box}
      class="list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={isDrawn ? idOf(selected) : undefined}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && selected < 0 && count > 0) onSelect(0)
      }}
    >
      <div style={{ height: `${count * rowHeight}px`, position: 'relative' }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, offset) => {
          const index = first + offset
          return (
            <div
              key={index}
              id={idOf(index)}
              role="option"
              class="row"
              aria-selected={index === selected}
              aria-posinset={index + 1}
              aria-setsize={count}
              style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
              onClick={() => onSelect(index)}
            >
              {renderRow(index)}
            </div>
          )
        })}
      </div>
    </div>
  )
}

import type { ComponentChildren } from 'preact'

export interface HeatCell {
  /** From 0 to 1: how deep the cell is coloured; null: not at all. */
  share: number | null
  text: string
  /** Smaller, below the text. */
  more?: string
  title?: string
}

export interface HeatRow {
  key: string
  name: ComponentChildren
  /** Null where there is nothing to tell. */
  cells: readonly (HeatCell | null)[]
  /** Whether the row sums up the others. */
  isWhole?: boolean
}

/** Numbers in rows and columns, the larger the deeper their ground; it scrolls sideways where the page is too narrow. */
export function HeatTable({
  label,
  corner,
  columns,
  rows,
}: {
  label: string
  /** Head of the first column. */
  corner: string
  columns: readonly { name: string; title?: string }[]
  rows: readonly HeatRow[]
}) {
  return (
    <div class="scroll heat" tabIndex={0} role="region" aria-label={label}>
      <table style={{ '--columns': columns.length }}>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map(({ name, title }) => (
              <th scope="col" key={name} title={title}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, cells, isWhole = false }) => (
            <tr key={key} class={isWhole ? 'whole' : undefined}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <Cell key={column} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ cell }: { cell: HeatCell | null }) {
  if (cell === null) return <td class="muted">–</td>
  const { share, text, more, title } = cell
  return (
    <td
      title={title}
      class={share === null ? undefined : 'tinted'}
      style={share === null ? {} : { '--share': `${(34 * share).toFixed(1)}%` }}
    >
      {text}
      {more !== undefined && <span class="muted">{more}</span>}
    </td>
  )
}

import { markup, type Html } from '../page/markup.js'

export interface Bar {
  label: string
  /** Lengths one after the other, by the name of their colour. */
  parts: readonly { kind: 'kept' | 'corrected' | 'dropped' | 'plain'; value: number }[]
  /** Behind the bar. */
  note: string
}

/** Bars beside each other's labels, the longest as wide as there is room. */
export function bars(list: readonly Bar[]): Html {
  const longest = Math.max(1, ...list.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)))
  const width = (value: number): string => ((value / longest) * 100).toFixed(2)
  return markup`<div class="bars">
    ${list.map(
      ({ label, parts, note }) =>
        markup`<span>${label}</span
          ><span class="bar" role="img" aria-label="${label}: ${note}"
            ><svg width="100%" height="12" preserveAspectRatio="none" viewBox="0 0 100 12" aria-hidden="true">
              ${segments(parts.map(({ kind, value }) => ({ kind, width: Number(width(value)) })))}
            </svg></span
          ><span class="soft">${note}</span>`,
    )}
  </div>`
}

function segments(parts: readonly { kind: string; width: number }[]): Html[] {
  let x = 0
  return parts.map(({ kind, width }) => {
    const rect = markup`<rect class="fill-${kind}" x="${x}" y="0" width="${width}" height="12" />`
    x += width
    return rect
  })
}

/** One bar a name, from counts. */
export function countBars(counts: Readonly<Record<string, number>>): Html {
  return bars(
    Object.entries(counts).map(([label, value]) => ({
      label,
      parts: [{ kind: 'plain' as const, value }],
      note: value.toLocaleString('en-US'),
    })),
  )
}

export function panel(title: string, content: Html): Html {
  return markup`<section class="panel">
    <h3>${title}</h3>
    ${content}
  </section>`
}

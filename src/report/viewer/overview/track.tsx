import type { ComponentChildren } from 'preact'

const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Where a share between 0 and 1 stands along a track; the ends leave room for a mark. */
export function along(share: number): string {
  return `${2 + 96 * Math.min(1, Math.max(0, share))}%`
}

/** A strip from 0 to 100 % that takes the width it gets, its marks and texts keeping their size; `children` are drawn over its grid. */
export function Track({ height, children }: { height: number; children: ComponentChildren }) {
  return (
    <svg class="track" width="100%" height={height} aria-hidden="true">
      {TICKS.map((tick) => (
        <line key={tick} class="grid" x1={along(tick)} x2={along(tick)} y1="0" y2={height} />
      ))}
      {children}
    </svg>
  )
}

/** The scale below a column of tracks. */
export function TrackScale() {
  return (
    <svg class="track" width="100%" height="18" aria-hidden="true">
      {TICKS.map((tick) => (
        <text key={tick} class="tick" x={along(tick)} y="13" text-anchor="middle">
          {tick * 100}
        </text>
      ))}
    </svg>
  )
}

/** Signs of the paper's rows: told apart by shape, and by colours that most eyes can tell apart (Okabe and Ito, 2008). */
export const PAPER_SHAPES = ['diamond', 'triangle', 'square', 'ring', 'cross'] as const

/** One sign, 10 pixels across; `x` is a length along the track. */
export function PaperMark({ place, x, y, title }: { place: number; x: string; y: number; title?: string }) {
  const shape = PAPER_SHAPES[place % PAPER_SHAPES.length] ?? 'ring'
  return (
    <svg x={x} y={y} overflow="visible" class={`paper-mark paper-${place % 6}`}>
      {title !== undefined && <title>{title}</title>}
      <Shape shape={shape} />
    </svg>
  )
}

function Shape({ shape }: { shape: (typeof PAPER_SHAPES)[number] }) {
  switch (shape) {
    case 'diamond':
      return <path d="M0 -5.5 5.5 0 0 5.5 -5.5 0Z" />
    case 'triangle':
      return <path d="M0 -5.5 5.5 4.5 -5.5 4.5Z" />
    case 'square':
      return <path d="M-4.5 -4.5H4.5V4.5H-4.5Z" />
    case 'ring':
      return <circle r="4.8" />
    case 'cross':
      return <path d="M-4.5 -4.5 4.5 4.5M4.5 -4.5 -4.5 4.5" />
  }
}

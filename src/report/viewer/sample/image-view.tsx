import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { TrajectoryImage } from '../../../core/trajectory.js'
import type { Outline } from './call-geometry.js'

/** A region that is drawn over an image, in its pixels. */
export interface Overlay {
  kind: 'crop' | 'target'
  outline: Outline
  /** What a reader should know of it. */
  note: string
}

/** An image of the trajectory with what is drawn over it; a press opens it in full size. */
export function ImageView({
  image,
  imageAddress,
  caption,
  overlays,
}: {
  image: TrajectoryImage
  /** Address of a file; null where this page does not have it. */
  imageAddress: (sha256: string) => string | null
  caption: string
  overlays: readonly Overlay[]
}) {
  const [isOpen, setOpen] = useState(false)
  const [isView, setView] = useState(false)
  const [missing, setMissing] = useState<string | null>(null)
  const { width, height, view } = image
  const { sha256 } = isView && view !== null ? view : image
  const address = missing === sha256 ? null : imageAddress(sha256)
  const alt = [`${caption}, ${width} × ${height} pixels`, ...overlays.map(({ note }) => note)].join('; ')
  if (address === null)
    return (
      <figure class="image missing">
        <p>
          {caption}: the file <code>{sha256.slice(0, 12)}….png</code> is not beside this page.
        </p>
      </figure>
    )
  const picture = (
    <span
      class="canvas"
      style={{
        aspectRatio: `${width} / ${height}`,
        // As wide as there is room, but no higher than a screen and no larger than twice its pixels.
        width: `min(100%, ${2 * width}px, calc(var(--highest) * ${width / height}))`,
      }}
    >
      <img
        src={address}
        width={width}
        height={height}
        alt={alt}
        loading="lazy"
        decoding="async"
        onError={() => setMissing(sha256)}
      />
      <Overlays overlays={overlays} width={width} height={height} />
    </span>
  )
  return (
    <figure class={width > 2.2 * height ? 'image is-wide' : 'image'}>
      <button type="button" class="open-image" onClick={() => setOpen(true)} title="Open in full size">
        {picture}
      </button>
      <figcaption>
        <span>{caption}</span>
        <span class="muted">
          {width} × {height}
        </span>
        {view === null && <span class="muted">not shown to the model</span>}
        {view !== null && view.sha256 !== image.sha256 && imageAddress(view.sha256) !== null && (
          <button type="button" class="link" aria-pressed={isView} onClick={() => setView(!isView)}>
            {isView ? 'in full' : `as the model saw it, ${view.width} × ${view.height}`}
          </button>
        )}
        {overlays.map(({ kind, note }) => (
          <span key={kind} class={`key ${kind}`}>
            {note}
          </span>
        ))}
      </figcaption>
      {isOpen && (
        <Lightbox label={alt} width={width} onClose={() => setOpen(false)}>
          {picture}
        </Lightbox>
      )}
    </figure>
  )
}

function Overlays({
  overlays,
  width,
  height,
}: {
  overlays: readonly Overlay[]
  width: number
  height: number
}) {
  if (overlays.length === 0) return null
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {overlays.map(({ kind, outline }) => {
        const points = outline.map((point) => point.join()).join(' ')
        return (
          <g key={kind} class={kind}>
            <polygon class="halo" points={points} />
            <polygon points={points} />
          </g>
        )
      })}
    </svg>
  )
}

function Lightbox({
  label,
  width,
  children,
  onClose,
}: {
  label: string
  width: number
  children: preact.ComponentChildren
  onClose: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={label}
      onClose={onClose}
      onClick={() => dialog.current?.close()}
    >
      <button type="button" class="close" aria-label="Close">
        ×
      </button>
      <div class="lightbox-picture" style={{ maxWidth: `${Math.max(width, 900)}px` }}>
        {children}
      </div>
    </dialog>
  )
}

import { UsageError } from '../../core/errors.js'

const MAX_ASPECT = 200

/**
 * Size to which an image is brought before it is cut into patches: multiples of `factor` (patch size × merge size) near its own, with a total within the bounds and the aspect
 * kept as far as that allows. Halves round to even, as Python does.
 * @throws UsageError for an image more than 200 times as long as it is wide.
 */
export function smartResize({
  width,
  height,
  factor,
  minPixels,
  maxPixels,
}: {
  width: number
  height: number
  factor: number
  minPixels: number
  maxPixels: number
}): { width: number; height: number } {
  if (Math.max(width, height) / Math.min(width, height) > MAX_ASPECT)
    throw new UsageError(
      `expected an image at most ${MAX_ASPECT} times as long as it is wide, got ${width} × ${height}`,
    )
  const rounded = { width: roundTo(width, factor), height: roundTo(height, factor) }
  const pixels = rounded.width * rounded.height
  if (pixels > maxPixels) {
    const shrink = Math.sqrt((width * height) / maxPixels)
    const down = (side: number): number => Math.max(factor, Math.floor(side / shrink / factor) * factor)
    return { width: down(width), height: down(height) }
  }
  if (pixels < minPixels) {
    const grow = Math.sqrt(minPixels / (width * height))
    const up = (side: number): number => Math.ceil((side * grow) / factor) * factor
    return { width: up(width), height: up(height) }
  }
  return rounded
}

function roundTo(side: number, factor: number): number {
  const share = side / factor
  const down = Math.floor(share)
  const rest = share - down
  const isUp = rest > 0.5 || (rest === 0.5 && down % 2 === 1)
  return (isUp ? down + 1 : down) * factor
}

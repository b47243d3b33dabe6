import type { ProcessorConfig } from './processor-config.js'
import { smartResize } from './smart-resize.js'

/**
 * Tokens that an image of this size becomes: one for each square of merged patches of what it is resized to.
 * @throws UsageError as {@link smartResize}.
 */
export function visualTokens({
  width,
  height,
  config: { patchSize, mergeSize, minPixels, maxPixels },
}: {
  width: number
  height: number
  config: Pick<ProcessorConfig, 'patchSize' | 'mergeSize' | 'minPixels' | 'maxPixels'>
}): number {
  const factor = patchSize * mergeSize
  const to = smartResize({ width, height, factor, minPixels, maxPixels })
  return (to.width / factor) * (to.height / factor)
}

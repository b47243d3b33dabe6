import type { ProcessorConfig } from './processor-config.js'

/** Bytes that a pixel's channel can have. */
export const LEVELS = 256

/** What each byte becomes, scaled and normalised by channel: [3 × 256]. Whoever looks bytes up here gets what the processor computes, bit for bit. */
export function byteLevels({
  scale,
  mean,
  deviation,
}: Pick<ProcessorConfig, 'scale' | 'mean' | 'deviation'>): Float32Array {
  const levels = new Float32Array(3 * LEVELS)
  for (let channel = 0; channel < 3; channel++)
    for (let byte = 0; byte < LEVELS; byte++)
      levels[channel * LEVELS + byte] = (byte * scale - (mean[channel] ?? 0)) / (deviation[channel] ?? 1)
  return levels
}

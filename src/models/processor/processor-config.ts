import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { readJsonFile } from '../read-json-file.js'

/** How images become patches. */
export interface ProcessorConfig {
  readonly patchSize: number
  readonly mergeSize: number
  readonly temporalPatchSize: number
  /** Bounds of width × height. */
  readonly minPixels: number
  readonly maxPixels: number
  readonly scale: number
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

const whole = z.number().int().positive()
const perChannel = z.array(z.number()).length(3)
const deviations = z.array(z.number().positive()).length(3)

const schema = z.object({
  patch_size: whole,
  merge_size: whole.default(2),
  temporal_patch_size: whole.default(2),
  min_pixels: whole.nullish(),
  max_pixels: whole.nullish(),
  size: z.object({ shortest_edge: whole.nullish(), longest_edge: whole.nullish() }).nullish(),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  image_mean: perChannel,
  image_std: deviations,
})

/** Read `preprocessor_config.json`; its bounds stand in `min_pixels` and `max_pixels`, or in `size`. @throws UsageError when it is missing or says neither. */
export async function readProcessorConfig(directory: string): Promise<ProcessorConfig> {
  const path = join(directory, 'preprocessor_config.json')
  const given = await readJsonFile({ path, schema })
  const minPixels = given.min_pixels ?? given.size?.shortest_edge
  const maxPixels = given.max_pixels ?? given.size?.longest_edge
  if (minPixels == null || maxPixels == null)
    throw new UsageError(
      `${path}: expected the bounds \`min_pixels\` and \`max_pixels\`, or \`size\` with both edges, got neither`,
    )
  if (minPixels > maxPixels)
    throw new UsageError(
      `${path}: expected bounds with the lower one first, got ${minPixels} to ${maxPixels} pixels`,
    )
  return {
    patchSize: given.patch_size,
    mergeSize: given.merge_size,
    temporalPatchSize: given.temporal_patch_size,
    minPixels,
    maxPixels,
    scale: given.rescale_factor,
    mean: given.image_mean,
    deviation: given.image_std,
  }
}

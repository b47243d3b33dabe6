import type { ModelConfig, ModelFamily } from '../config/model-config.js'
import type { ImageInput } from '../vision/image-input.js'
import type { LoadedWeights } from '../weights/load-weights.js'
import { newWeights } from '../weights/new-weights.js'
import { uniformStream } from '../../core/uniform-stream.js'
import { IMAGE_PAD, tinyConfig } from './tiny-config.js'

export interface TinyModel {
  readonly config: ModelConfig
  readonly weights: LoadedWeights
}

/** A new tiny model on the backend that is open. */
export function tinyModel(family: ModelFamily): TinyModel {
  const config = tinyConfig(family)
  return { config, weights: newWeights({ config, initialization: { seed: 5 } }) }
}

/** Patches of no picture's bytes. */
export interface TinyImage extends ImageInput {
  readonly tokens: number
}

/** Random patches of an image of `height` × `width` patches. */
export function tinyImage({
  height,
  width,
  seed,
}: {
  height: number
  width: number
  seed: string
}): TinyImage {
  const uniform = uniformStream(seed)
  const patches = Float32Array.from({ length: height * width * 3 * 2 * 4 * 4 }, () => uniform() * 2 - 1)
  return { patches, grid: { height, width }, tokens: (height * width) / 4 }
}

/** Random text tokens around the pads of images. */
export function tinyIds({
  count,
  images = [],
  seed,
}: {
  count: number
  images?: readonly TinyImage[]
  seed: string
}): number[] {
  const uniform = uniformStream(seed)
  const words = (): number[] => Array.from({ length: count }, () => Math.floor(uniform() * 18))
  return [
    ...words(),
    ...images.flatMap(({ tokens }) => [...Array.from({ length: tokens }, () => IMAGE_PAD), ...words()]),
  ]
}

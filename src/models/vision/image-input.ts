import type { PatchGrid } from './patch-order.js'

/** An image that was cut into patches. */
export interface ImageInput {
  /** [patches × (channels × time × side²)], row by row, as `normalisePatches` makes them. */
  readonly patches: Float32Array
  readonly grid: PatchGrid
}

/** Side of a thumbnail, in pixels. */
export const THUMBNAIL_SIDE = 32

/** An image in 32 × 32 grey levels, row by row, whatever its shape: what is compared to find an image again. */
export type Thumbnail = Uint8Array

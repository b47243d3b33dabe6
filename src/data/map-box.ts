import type { Box, Transform } from '../core/transform.js'

export interface Size {
  width: number
  height: number
}

/** Size of an image after a transformation. */
export function transformedSize({ width, height, transform }: Size & { transform: Transform }): Size {
  const turned = transform === 'rotate_90' || transform === 'rotate_270'
  return turned ? { width: height, height: width } : { width, height }
}

/** Where a box of an image of `width` × `height` lies after a transformation of the image (rotations counter-clockwise). */
export function mapBox({
  box: [left, top, right, bottom],
  width,
  height,
  transform,
}: Size & { box: Box; transform: Transform }): Box {
  switch (transform) {
    case 'none':
      return [left, top, right, bottom]
    case 'rotate_90':
      return [top, width - right, bottom, width - left]
    case 'rotate_180':
      return [width - right, height - bottom, width - left, height - top]
    case 'rotate_270':
      return [height - bottom, left, height - top, right]
    case 'flip_horizontal':
      return [width - right, top, width - left, bottom]
    case 'flip_vertical':
      return [left, height - bottom, right, height - top]
  }
}

import type { Box } from '../../core/transform.js'
import type { Orientation } from '../../core/orientation.js'
import type { Size } from './transformed-size.js'

/** Where a box of an image of `width` × `height` lies after a transformation of the image (rotations counter-clockwise). */
export function mapBox({
  box: [left, top, right, bottom],
  width,
  height,
  transform,
}: Size & { box: Box; transform: Orientation }): Box {
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
    case 'transpose':
      return [top, left, bottom, right]
    case 'transverse':
      return [height - bottom, width - right, height - top, width - left]
  }
}

import type { Transform } from '../core/transform.js'

/** What was done to a picture, behind "The picture was". */
export const TRANSFORM_WORDS: Readonly<Record<Transform, string>> = {
  none: 'left upright',
  rotate_90: 'turned by 90° counter-clockwise',
  rotate_180: 'turned upside down',
  rotate_270: 'turned by 90° clockwise',
  flip_horizontal: 'mirrored from left to right',
  flip_vertical: 'mirrored from top to bottom',
}

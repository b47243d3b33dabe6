import type { Transform } from '../../../core/transform.js'
import { array, pil, type OperationForm } from './operation-form.js'

const COUNTER = 'PIL counts angles counter-clockwise'
const EXPAND = 'with expand=True nothing is cut off at the edges'
const LOSSLESS = 'a transposition only moves pixels, so nothing is lost'

/** Ways of writing each orientation; every one moves pixels and changes none. */
export const ORIENTATION_FORMS: Readonly<Record<Exclude<Transform, 'none'>, readonly OperationForm[]>> = {
  rotate_90: [
    pil((e) => `${e}.rotate(90, expand=True)`, COUNTER),
    pil((e) => `${e}.rotate(90, expand=True)`, EXPAND),
    pil((e) => `${e}.rotate(-270, expand=True)`, 'a turn by -270 degrees comes to the same as one by 90'),
    pil((e) => `${e}.transpose(Image.Transpose.ROTATE_90)`, LOSSLESS),
    pil((e) => `${e}.transpose(Image.ROTATE_90)`, COUNTER),
    array((e) => `np.rot90(${e})`, 'a plain np.rot90 turns counter-clockwise'),
    array((e) => `np.rot90(${e}, k=1)`, 'the argument k counts quarter turns counter-clockwise'),
    array(
      (e) => `cv2.rotate(${e}, cv2.ROTATE_90_COUNTERCLOCKWISE)`,
      'OpenCV has a constant for just this turn',
    ),
    array(
      (e) => `${e}.transpose(1, 0, 2)[::-1]`,
      'swapping the axes and then reversing the rows makes a quarter turn counter-clockwise',
    ),
    array(
      (e) => `np.flipud(${e}.transpose(1, 0, 2))`,
      'swapping the axes and then flipping the rows makes a quarter turn counter-clockwise',
    ),
  ],
  rotate_180: [
    pil((e) => `${e}.rotate(180)`, 'half a turn keeps width and height'),
    pil((e) => `${e}.rotate(180, expand=True)`, 'the direction does not matter for half a turn'),
    pil((e) => `${e}.transpose(Image.Transpose.ROTATE_180)`, LOSSLESS),
    pil((e) => `${e}.transpose(Image.ROTATE_180)`, LOSSLESS),
    array((e) => `np.rot90(${e}, 2)`, 'two quarter turns make it'),
    array((e) => `np.rot90(${e}, k=2)`, 'with k=2 it is half a turn'),
    array((e) => `cv2.rotate(${e}, cv2.ROTATE_180)`, 'OpenCV has a constant for just this turn'),
    array((e) => `${e}[::-1, ::-1]`, 'reversing rows and columns is half a turn'),
    array((e) => `cv2.flip(${e}, -1)`, 'flip code -1 reverses both axes'),
  ],
  rotate_270: [
    pil((e) => `${e}.rotate(270, expand=True)`, 'PIL counts counter-clockwise, so clockwise by 90 is 270'),
    pil((e) => `${e}.rotate(-90, expand=True)`, 'a negative angle turns clockwise in PIL'),
    pil((e) => `${e}.rotate(-90, expand=True)`, EXPAND),
    pil((e) => `${e}.transpose(Image.Transpose.ROTATE_270)`, LOSSLESS),
    pil((e) => `${e}.transpose(Image.ROTATE_270)`, COUNTER),
    array((e) => `np.rot90(${e}, k=-1)`, 'a negative k turns clockwise'),
    array((e) => `np.rot90(${e}, 3)`, 'three quarter turns counter-clockwise are one clockwise'),
    array((e) => `cv2.rotate(${e}, cv2.ROTATE_90_CLOCKWISE)`, 'OpenCV has a constant for just this turn'),
    array(
      (e) => `${e}[::-1].transpose(1, 0, 2)`,
      'reversing the rows and then swapping the axes makes a quarter turn clockwise',
    ),
  ],
  flip_horizontal: [
    pil((e) => `ImageOps.mirror(${e})`, 'ImageOps.mirror swaps left and right'),
    pil((e) => `ImageOps.mirror(${e})`, 'mirroring twice gives the original back'),
    pil((e) => `${e}.transpose(Image.Transpose.FLIP_LEFT_RIGHT)`, LOSSLESS),
    pil((e) => `${e}.transpose(Image.FLIP_LEFT_RIGHT)`, LOSSLESS),
    array((e) => `np.fliplr(${e})`, 'the columns are reversed by np.fliplr'),
    array((e) => `np.flip(${e}, axis=1)`, 'axis 1 runs along the width'),
    array((e) => `cv2.flip(${e}, 1)`, 'flip code 1 swaps left and right'),
    array((e) => `${e}[:, ::-1]`, 'reversing the order of the columns swaps left and right'),
  ],
  flip_vertical: [
    pil((e) => `ImageOps.flip(${e})`, 'ImageOps.flip swaps top and bottom'),
    pil((e) => `ImageOps.flip(${e})`, 'flipping twice gives the original back'),
    pil((e) => `${e}.transpose(Image.Transpose.FLIP_TOP_BOTTOM)`, LOSSLESS),
    pil((e) => `${e}.transpose(Image.FLIP_TOP_BOTTOM)`, LOSSLESS),
    array((e) => `np.flipud(${e})`, 'the rows are reversed by np.flipud'),
    array((e) => `np.flip(${e}, axis=0)`, 'axis 0 runs along the height'),
    array((e) => `cv2.flip(${e}, 0)`, 'flip code 0 swaps top and bottom'),
    array((e) => `${e}[::-1]`, 'reversing the order of the rows swaps top and bottom'),
  ],
}

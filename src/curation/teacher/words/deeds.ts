import type { PlannedOperation, Size } from '../../plan/curation-plan.js'
import { transformedSize } from '../../../data/transforms/transformed-size.js'
import { isCrop, isOrientation } from '../provoke/mistake.js'
import { placeOf } from './place.js'

const ORIENTATION = {
  rotate_90:
    '{turn|rotate} $obj {by 90 degrees counter-clockwise|90 degrees counter-clockwise|a quarter turn counter-clockwise|a quarter turn to the left|to the left by 90 degrees}',
  rotate_180: '{turn|rotate} $obj {by 180 degrees|through half a turn|around by 180 degrees|half a turn}',
  rotate_270:
    '{turn|rotate} $obj {by 90 degrees clockwise|90 degrees clockwise|a quarter turn clockwise|a quarter turn to the right|to the right by 90 degrees}',
  flip_horizontal:
    '{mirror $obj left to right|mirror $obj horizontally|flip $obj horizontally|flip $obj left to right|swap left and right}',
  flip_vertical:
    '{flip $obj top to bottom|flip $obj vertically|mirror $obj vertically|mirror $obj top to bottom|swap top and bottom}',
} as const

const PHOTOMETRIC = {
  autocontrast:
    '{stretch the contrast|spread the grey levels|let autocontrast spread the levels|pull the contrast apart}',
  contrast_up: '{raise the contrast|increase the contrast|strengthen the contrast|turn the contrast up}',
  sharpen: '{sharpen $obj|sharpen the edges|make the strokes crisper}',
  median_blur:
    '{run a small median filter over $obj|filter the specks out with a median|remove the noise with a median filter|clean $obj with a median filter}',
} as const

/** What is done to an image, as a template of base forms: "turn $obj … and crop …"; the first object is `$img`, the others are "it". */
export function deedsOf({
  operations,
  size,
}: {
  operations: readonly PlannedOperation[]
  size: Size
}): string {
  let current = size
  let isTurned = false
  const parts = operations.map((operation, index) => {
    const obj = index === 0 ? '$img' : 'it'
    if (isCrop(operation)) {
      const [left, top, right, bottom] = operation.box
      const place = placeOf({ box: operation.box, size: current })
      const frame = isTurned ? '[ of the {corrected|upright} picture]' : ''
      current = { width: right - left, height: bottom - top }
      return `{crop|cut out|crop|take a closer look at|zoom in on|isolate} ${place}${frame}`
    }
    if (isOrientation(operation)) {
      isTurned = true
      current = transformedSize({ ...current, transform: operation.op })
      return ORIENTATION[operation.op].replaceAll('$obj', obj)
    }
    return PHOTOMETRIC[operation.op].replaceAll('$obj', obj)
  })
  return joined(parts)
}

function joined(parts: readonly string[]): string {
  const [first = '', second, ...rest] = parts
  if (second === undefined) return first
  if (rest.length === 0) return `${first}{ and|, then| and then|, and after that} ${second}`
  return `${first}, {then |}${second}{, then| and then| and finally} ${joined(rest)}`
}

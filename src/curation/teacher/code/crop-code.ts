import type { Random } from '../../../data/demo/random.js'
import type { Box } from '../../../core/transform.js'
import { partOf } from './part-of.js'
import type { PythonCode, Value } from './python-code.js'

/** How the corners of a crop are written. */
type CropWay =
  'literal' | 'corners' | 'box' | 'extent' | 'from-edges' | 'parts' | 'part-names' | 'slices' | 'sliced-names'

const BY_NUMBER: readonly CropWay[] = [
  ...(['literal', 'literal', 'literal', 'corners', 'corners', 'box', 'box', 'extent', 'extent'] as const),
  ...(['from-edges', 'parts', 'part-names', 'slices', 'sliced-names'] as const),
]
/** What can be written by someone who sees a reduced copy and is not told the full size. */
const BY_PART: readonly CropWay[] = ['parts', 'parts', 'part-names']
const SIZE_NAMES = [
  ['w', 'h'],
  ['width', 'height'],
  ['W', 'H'],
] as const
const CORNER_NAMES = [
  ['left', 'top', 'right', 'bottom'],
  ['x0', 'y0', 'x1', 'y1'],
  ['x1', 'y1', 'x2', 'y2'],
  ['l', 't', 'r', 'b'],
] as const
/** Names of what a call makes on its way. */
const PICTURE_NAMES = ['upright', 'page', 'straight', 'whole', 'base', 'source', 'full']

/** Write a crop of exactly the box. `sizeIsTold`: the author knows the picture's size in pixels; else the code counts in parts of it. */
export function cropCode({
  code,
  value,
  box,
  sizeIsTold,
  random,
}: {
  code: PythonCode
  value: Value
  box: Box
  sizeIsTold: boolean
  random: Random
}): Value {
  const way = random.pick(sizeIsTold ? BY_NUMBER : BY_PART)
  const [left, top, right, bottom] = box
  const [width, height] = [right - left, bottom - top]
  const crop = (picture: Value, corners: string): Value => ({
    form: 'pil',
    expression: `${picture.expression}.crop(${corners})`,
    isNamed: false,
    size: { width, height },
  })
  switch (way) {
    case 'literal':
      return crop(code.as(value, 'pil'), `(${box.join(', ')})`)
    case 'corners': {
      const names = random.pick(CORNER_NAMES).join(', ')
      const picture = code.as(value, 'pil')
      code.lines.push(`${names} = ${box.join(', ')}`)
      return crop(picture, `(${names})`)
    }
    case 'box': {
      const name = random.pick(['box', 'area', 'bounds', 'bbox', 'where', 'target'])
      const picture = code.as(value, 'pil')
      code.lines.push(`${name} = (${box.join(', ')})`)
      return crop(picture, name)
    }
    case 'extent': {
      const [w, h] = random.pick([
        ['w', 'h'],
        ['cw', 'ch'],
        ['wide', 'high'],
      ] as const)
      const picture = code.as(value, 'pil')
      code.lines.push(`x, y, ${w}, ${h} = ${left}, ${top}, ${width}, ${height}`)
      return crop(picture, `(x, y, x + ${w}, y + ${h})`)
    }
    case 'from-edges': {
      const picture = code.named(code.as(value, 'pil'), PICTURE_NAMES)
      const e = picture.expression
      const [dx, dy] = [value.size.width - right, value.size.height - bottom]
      const far = (side: string, off: number): string =>
        off === 0 ? `${e}.${side}` : `${e}.${side} - ${off}`
      return crop(picture, `(${left}, ${top}, ${far('width', dx)}, ${far('height', dy)})`)
    }
    case 'parts':
    case 'part-names': {
      const picture = code.named(code.as(value, 'pil'), PICTURE_NAMES)
      const [w, h] = random.pick(SIZE_NAMES)
      code.lines.push(`${w}, ${h} = ${picture.expression}.size`)
      const rounding = random.pick(['round', 'int'] as const)
      const across = (pixel: number): string => partOf({ pixel, side: value.size.width, name: w, rounding })
      const down = (pixel: number): string => partOf({ pixel, side: value.size.height, name: h, rounding })
      const corners = [across(left), down(top), across(right), down(bottom)]
      if (way === 'parts') return crop(picture, `(${corners.join(', ')})`)
      const names = random.pick(CORNER_NAMES)
      for (const [at, name] of names.entries()) code.lines.push(`${name} = ${corners[at] ?? ''}`)
      return crop(picture, `(${names.join(', ')})`)
    }
    case 'slices':
    case 'sliced-names': {
      const array = code.as(value, 'array')
      const size = { width, height }
      const slice = (rows: string, columns: string): Value => ({
        ...array,
        expression: `${array.expression}[${rows}, ${columns}]`,
        isNamed: false,
        size,
      })
      if (way === 'slices') return slice(`${top}:${bottom}`, `${left}:${right}`)
      const [l, t, r, b] = random.pick(CORNER_NAMES)
      code.lines.push(`${t}, ${b} = ${top}, ${bottom}`, `${l}, ${r} = ${left}, ${right}`)
      return slice(`${t}:${b}`, `${l}:${r}`)
    }
  }
}

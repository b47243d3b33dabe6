import { util, type TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmBackend } from './wasm-parts.js'

/** Rows and columns of a square that stays in the nearest cache. */
const BLOCK = 16

/** Matrices with their last two axes exchanged. */
export function turned({ x, backend }: { x: TensorInfo; backend: WasmBackend }): TensorInfo {
  const leading = x.shape.slice(0, -2)
  const [rows = 0, columns = 0] = x.shape.slice(-2)
  const out = backend.makeOutput([...leading, columns, rows], 'float32')
  // After the last allocation: memory that grows moves.
  const from = backend.typedArrayFromHeap(x)
  const to = backend.typedArrayFromHeap(out)
  for (let pair = 0; pair < util.sizeFromShape(leading); pair++) {
    const first = pair * rows * columns
    for (let top = 0; top < rows; top += BLOCK) {
      const bottom = Math.min(top + BLOCK, rows)
      for (let left = 0; left < columns; left += BLOCK) {
        const right = Math.min(left + BLOCK, columns)
        for (let column = left; column < right; column++) {
          const place = first + column * rows
          for (let row = top; row < bottom; row++) to[place + row] = from[first + row * columns + column] ?? 0
        }
      }
    }
  }
  return out
}

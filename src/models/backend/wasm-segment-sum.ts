import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmBackend } from './wasm-parts.js'

/** Rows added up by their segment, which the WebAssembly backend lacks: the gradient of looking up rows of a table. */
export const WASM_SEGMENT_SUM: KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend: given, attrs }) => {
    const backend = given as unknown as WasmBackend
    const { x, segmentIds } = inputs as unknown as { x: TensorInfo; segmentIds: TensorInfo }
    const { numSegments } = attrs as unknown as { numSegments: number }
    const width = x.shape.slice(1).reduce((product, side) => product * side, 1)
    const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], 'float32')
    // After the last allocation: memory that grows moves.
    const sums = backend.typedArrayFromHeap(out).fill(0)
    const rows = backend.typedArrayFromHeap(x)
    const segments = backend.typedArrayFromHeap(segmentIds)
    for (let row = 0; row < segments.length; row++) {
      const to = (segments[row] ?? 0) * width
      for (let at = 0; at < width; at++) sums[to + at] = (sums[to + at] ?? 0) + (rows[row * width + at] ?? 0)
    }
    return out
  },
}

import { util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core'
import { expectRoom } from './wasm-memory.js'
import type { WasmBackend } from './wasm-parts.js'
import { turned } from './wasm-turn.js'

const FLOAT_BYTES = 4
/** The library packs the right matrix anew, its columns padded to whole panels, with a bias for each column. */
const MOST_PADDING = 16
/** For what else it notes down about a product. */
const NOTES = 2 ** 14

/**
 * Matrix products for the WebAssembly backend. Its own kernel is fast only for a single pair without transposition, else about twenty times slower; so operands are transposed first, and pairs
 * are multiplied one by one, as views of the same memory.
 */
export function wasmProduct(): KernelConfig {
  let multiply: ((...given: unknown[]) => void) | null = null
  return {
    kernelName: 'BatchMatMul',
    backendName: 'wasm',
    setupFunc: (backend) => {
      multiply = (backend as unknown as WasmBackend).wasm.cwrap('BatchMatMul', null, [
        'number',
        'array',
        'number',
        'number',
        'array',
        'number',
        'number',
        'number',
        'number',
      ])
    },
    kernelFunc: ({ inputs, backend: given, attrs }) => {
      const backend = given as unknown as WasmBackend
      const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean }
      const a = upright({ x: inputs.a as TensorInfo, isTransposed: transposeA, backend })
      try {
        const b = upright({ x: inputs.b as TensorInfo, isTransposed: transposeB, backend })
        try {
          return product({ a: a.x, b: b.x, backend, multiply: multiply ?? (() => undefined) })
        } finally {
          b.dispose()
        }
      } finally {
        a.dispose()
      }
    },
  }
}

function product({
  a,
  b,
  backend,
  multiply,
}: {
  a: TensorInfo
  b: TensorInfo
  backend: WasmBackend
  multiply: (...given: unknown[]) => void
}): TensorInfo {
  const leading = a.shape.slice(0, -2)
  const [rows = 0, inner = 0] = a.shape.slice(-2)
  const [depth = 0, columns = 0] = b.shape.slice(-2)
  if (inner !== depth || !util.arraysEqual(leading, b.shape.slice(0, -2)))
    throw new RangeError(
      `expected matrices [… rows, n] and [… n, columns] with the same leading axes, got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`,
    )
  const pairs = util.sizeFromShape(leading)
  const out = backend.makeOutput([...leading, rows, columns], 'float32')
  const left = bytesOf([1, rows, inner])
  const right = bytesOf([1, inner, columns])
  const [of, from, to] = [a, b, out].map((x) => backend.dataIdMap.get(x.dataId))
  if (of === undefined || from === undefined || to === undefined)
    throw new RangeError('expected three tensors')
  try {
    expectRoom({ backend, bytes: (columns + MOST_PADDING) * (inner + MOST_PADDING) * FLOAT_BYTES + NOTES })
  } catch (error) {
    backend.disposeData(out.dataId)
    throw error
  }
  if (pairs === 1) {
    multiply(of.id, left, 3, from.id, right, 3, 0, 0, to.id)
    return out
  }
  for (let pair = 0; pair < pairs; pair++) {
    const views = [
      view({ backend, of: of.memoryOffset, at: pair, size: rows * inner }),
      view({ backend, of: from.memoryOffset, at: pair, size: inner * columns }),
      view({ backend, of: to.memoryOffset, at: pair, size: rows * columns }),
    ] as const
    multiply(views[0], left, 3, views[1], right, 3, 0, 0, views[2])
    // Forgets the id, and what the library keeps for it; the memory is not its own.
    for (const id of views) backend.wasm.tfjs.disposeData(id)
  }
  return out
}

function view({
  backend,
  of,
  at,
  size,
}: {
  backend: WasmBackend
  of: number
  at: number
  size: number
}): number {
  const id = backend.dataIdNextNumber++
  backend.wasm.tfjs.registerTensor(id, size, of + at * size * FLOAT_BYTES)
  return id
}

/** The matrices with their last two axes in the order in which the product wants them. */
function upright({
  x,
  isTransposed,
  backend,
}: {
  x: TensorInfo
  isTransposed: boolean
  backend: WasmBackend
}): { x: TensorInfo; dispose: () => void } {
  if (!isTransposed) return { x, dispose: () => undefined }
  const upended = turned({ x, backend })
  return { x: upended, dispose: () => backend.disposeData(upended.dataId) }
}

function bytesOf(shape: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(shape).buffer)
}

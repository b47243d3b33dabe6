import { getKernel, util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmBackend } from './wasm-parts.js'

/**
 * Kernels of the WebAssembly backend that only move rows of numbers about, for its own, which go number by number (10 to 20 times slower where rows are long) or copy what could be shared. What they
 * do not know is left to those.
 */
export function wasmRows(): KernelConfig[] {
  const own = getKernel('GatherV2', 'wasm')
  return [
    { kernelName: 'Identity', backendName: 'wasm', kernelFunc: identity },
    {
      ...own,
      kernelFunc: (given) => gatherRows(given) ?? own.kernelFunc(given),
    },
    { kernelName: 'SplitV', backendName: 'wasm', kernelFunc: split },
  ]
}

type Given = Parameters<KernelConfig['kernelFunc']>[0]

/** Tensors do not change: both may have the same numbers. */
const identity: KernelConfig['kernelFunc'] = ({ inputs, backend: given }) => {
  const backend = given as unknown as WasmBackend
  const { dataId, shape, dtype } = inputs.x as TensorInfo
  backend.incRef(dataId)
  return { dataId, shape, dtype }
}

/** Rows by a list of their numbers; null: something else is asked for. */
function gatherRows({ inputs, backend: given, attrs }: Given): TensorInfo | null {
  const backend = given as unknown as WasmBackend
  const { x, indices } = inputs as unknown as { x: TensorInfo; indices: TensorInfo }
  const { axis } = attrs as unknown as { axis: number }
  if (axis !== 0 || indices.shape.length !== 1 || x.dtype !== 'float32') return null
  const width = util.sizeFromShape(x.shape.slice(1))
  const out = backend.makeOutput([indices.shape[0] ?? 0, ...x.shape.slice(1)], 'float32')
  const [to, from] = [backend.typedArrayFromHeap(out), backend.typedArrayFromHeap(x)]
  const rows = backend.typedArrayFromHeap(indices)
  const count = x.shape[0] ?? 0
  for (let row = 0; row < rows.length; row++) {
    const source = rows[row] ?? -1
    if (source < 0 || source >= count)
      throw new RangeError(`expected rows from 0 to ${count - 1} to be gathered, got ${source}`)
    copy({ to, at: row * width, from, start: source * width, count: width })
  }
  return out
}

const split: KernelConfig['kernelFunc'] = ({ inputs, backend: given, attrs }) => {
  const backend = given as unknown as WasmBackend
  const x = inputs.x as TensorInfo
  const { numOrSizeSplits, axis } = attrs as unknown as { numOrSizeSplits: number | number[]; axis: number }
  const [along = 0] = util.parseAxisParam(axis, x.shape)
  const side = x.shape[along] ?? 0
  const sizes =
    typeof numOrSizeSplits === 'number'
      ? Array.from({ length: numOrSizeSplits }, () => side / numOrSizeSplits)
      : numOrSizeSplits
  const before = util.sizeFromShape(x.shape.slice(0, along))
  const inner = util.sizeFromShape(x.shape.slice(along + 1))
  const parts = sizes.map((size) =>
    backend.makeOutput(
      x.shape.map((length, at) => (at === along ? size : length)),
      'float32',
    ),
  )
  const from = backend.typedArrayFromHeap(x)
  let first = 0
  for (const [part, size = 0] of parts.map((tensor, at) => [tensor, sizes[at]] as const)) {
    const to = backend.typedArrayFromHeap(part)
    const count = size * inner
    for (let row = 0; row < before; row++)
      copy({ to, at: row * count, from, start: row * side * inner + first, count })
    first += count
  }
  return parts
}

type Numbers = Float32Array | Int32Array

/** A call for the whole costs more than a few numbers one by one. */
const FEW = 64

function copy({
  to,
  at,
  from,
  start,
  count,
}: {
  to: Numbers
  at: number
  from: Numbers
  start: number
  count: number
}): void {
  if (count > FEW) to.set(from.subarray(start, start + count), at)
  else for (let step = 0; step < count; step++) to[at + step] = from[start + step] ?? 0
}

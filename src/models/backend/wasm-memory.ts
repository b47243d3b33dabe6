import { memory } from '@tensorflow/tfjs-core'
import { ModelError } from '../../core/errors.js'
import type { WasmBackend } from './wasm-parts.js'

/** Addresses have 32 bits. */
const MOST_BYTES = 2 ** 32

const guarded = new WeakSet<object>()

/** Let the WebAssembly backend throw a ModelError where its heap is full. Of itself it takes address 0 for a tensor's then, and writes over what it needs itself. */
export function guardMemory({ wasm }: WasmBackend): void {
  if (guarded.has(wasm)) return
  // Its first call puts another function in the place of this one.
  wasm._free(wasm._malloc(1))
  const allocate = wasm._malloc
  wasm._malloc = (bytes) => {
    // More than an address can say would be taken for what is left of it.
    const address = bytes < MOST_BYTES ? allocate(bytes) : 0
    if (address === 0) throw full(bytes)
    return address
  }
  guarded.add(wasm)
}

/**
 * For kernels that take memory themselves: where they get none, they warn and leave their result as it is.
 * @throws ModelError unless so many bytes are free in one piece.
 */
export function expectRoom({ backend: { wasm }, bytes }: { backend: WasmBackend; bytes: number }): void {
  wasm._free(wasm._malloc(bytes))
}

function full(bytes: number): ModelError {
  return new ModelError(
    `The engine holds ${inMiB(memory().numBytes)} of tensors in the heap of WebAssembly and got no further ${inMiB(bytes)} in one piece (at most ${inMiB(MOST_BYTES)} in all, and what this machine has). ` +
      'Compute less at a time (tokensPerPart, samplesAtOnce, concurrency; shorter rollouts, smaller images), or use the backend node (codevision setup tfjs), which has all of the memory.',
  )
}

function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}

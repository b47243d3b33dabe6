import { matMul, ones, tidy } from '@tensorflow/tfjs-core'
import { loadedTfjsNode } from './load-tfjs-node.js'
import type { BackendName } from './open-backend.js'

export interface BackendSpeed {
  /** What computes, for a reader. */
  readonly detail: string
  readonly isOnGpu: boolean
  /** Of products of square matrices: 10⁹ multiplications and additions a second. */
  readonly gflops: number
  /** Rows and columns of the matrices. */
  readonly side: number
}

const SIDES = { smallest: 64, largest: 1024 }
/** Sides are doubled until a product takes so long. */
const ENOUGH_MS = 20
const TRIES = 5

/** How fast the open backend multiplies matrices, by the best of several products, since others may use the machine too. Takes about half a second. */
export async function measureBackend(name: BackendName): Promise<BackendSpeed> {
  let side = SIDES.smallest
  let best = await bestOf(side)
  while (best < ENOUGH_MS && side < SIDES.largest) {
    side *= 2
    best = await bestOf(side)
  }
  return { ...describe(name), gflops: (2 * side ** 3) / best / 1e6, side }
}

/** Milliseconds of the fastest of several products. */
async function bestOf(side: number): Promise<number> {
  let best = Infinity
  for (let round = 0; round < TRIES; round++) best = Math.min(best, await timeOf(side))
  return best
}

/** Milliseconds of one product. */
async function timeOf(side: number): Promise<number> {
  const square = ones([side, side])
  const began = performance.now()
  const product = tidy(() => matMul(square, square))
  await product.data()
  const took = performance.now() - began
  square.dispose()
  product.dispose()
  return took
}

function describe(name: BackendName): Pick<BackendSpeed, 'detail' | 'isOnGpu'> {
  switch (name) {
    case 'node': {
      const { origin, isOnGpu } = loadedTfjsNode() ?? { origin: 'TensorFlow', isOnGpu: false }
      return { detail: `${origin}, on the ${isOnGpu ? 'GPU' : 'CPU'}`, isOnGpu }
    }
    case 'wasm':
      return { detail: 'WebAssembly, one thread', isOnGpu: false }
    case 'cpu':
      return { detail: 'plain JavaScript', isOnGpu: false }
  }
}

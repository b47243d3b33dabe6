import { matMul, ones, tidy } from '@tensorflow/tfjs-core'
import { loadedTfjsNode } from './load-tfjs-node.js'
import type { BackendName } from './open-backend.js'

export interface BackendSpeed {
  /** What computes, for a reader. */
  readonly detail: string
  /** Of products of square matrices: 10⁹ multiplications and additions a second. */
  readonly gflops: number
  /** Rows and columns of the matrices. */
  readonly side: number
}

const SIDES = { smallest: 64, largest: 1024 }
/** Sides are doubled until one product takes so long, and products are repeated for so long. */
const MS = { product: 5, all: 200 }

/** How fast the open backend multiplies matrices. Takes about half a second. */
export async function measureBackend(name: BackendName): Promise<BackendSpeed> {
  let side = SIDES.smallest
  let took = await timeOf(side)
  while (took < MS.product && side < SIDES.largest) {
    side *= 2
    // The first product of a size may pay for memory and threads.
    await timeOf(side)
    took = await timeOf(side)
  }
  const times = [took]
  while (times.reduce((sum, time) => sum + time, 0) < MS.all) times.push(await timeOf(side))
  const median = times.sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? took
  return { detail: describe(name), gflops: (2 * side ** 3) / median / 1e6, side }
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

function describe(name: BackendName): string {
  switch (name) {
    case 'node': {
      const { origin, isOnGpu } = loadedTfjsNode() ?? { origin: 'TensorFlow', isOnGpu: false }
      return `${origin}, on the ${isOnGpu ? 'GPU' : 'CPU'}`
    }
    case 'wasm':
      return 'WebAssembly, one thread'
    case 'cpu':
      return 'plain JavaScript'
  }
}

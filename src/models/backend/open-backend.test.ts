import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { withEnvironment } from '../../config/testing/with-environment.js'
import { findTfjsNode } from './find-tfjs-node.js'
import { liveBackends, openBackend, type BackendName } from './open-backend.js'

/** Faster than plain JavaScript, of which each must compute the same. */
const FAST = (await liveBackends()).filter((name) => name !== 'cpu')

const numbers = (count: number, seed: string): Float32Array => {
  const uniform = uniformStream(seed)
  return Float32Array.from({ length: count }, () => uniform() - 0.5)
}

const SIDES = FAST.flatMap((name) =>
  [false, true].flatMap((a) => [false, true].map((b): [BackendName, boolean, boolean] => [name, a, b])),
)

test.each(SIDES)(
  '%s multiplies stacks of matrices as cpu does, transposed or not (%s, %s)',
  async (name, transposeA, transposeB) => {
    const compute = (): tf.Tensor =>
      tf.tidy(() => {
        const a = tf.tensor(numbers(6 * 20, 'a'), transposeA ? [2, 3, 5, 4] : [2, 3, 4, 5])
        const b = tf.tensor(numbers(6 * 35, 'b'), transposeB ? [2, 3, 7, 5] : [2, 3, 5, 7])
        return tf.matMul(a, b, transposeA, transposeB)
      })
    await expectSame(name, compute)
  },
)

test.each(FAST)(
  '%s: a product is that of the numbers of now, after others had the same memory',
  async (name) => {
    await openBackend(name)
    for (let round = 0; round < 20; round++) {
      const [product, expected] = tf.tidy(() => {
        const a = tf.tensor(numbers(12, `a ${round}`), [2, 2, 3])
        const b = tf.tensor(numbers(12, `b ${round}`), [2, 3, 2])
        const long = tf.sum(tf.mul(tf.reshape(a, [2, 2, 3, 1]), tf.reshape(b, [2, 1, 3, 2])), 2)
        return [tf.matMul(a, b).dataSync(), long.dataSync()]
      })
      for (const [at, value] of [...(expected ?? [])].entries()) expect(product?.[at]).toBeCloseTo(value, 5)
    }
  },
)

test.each(FAST)('%s adds rows up by segment as cpu does, empty segments included', async (name) => {
  await expectSame(name, () =>
    tf.tidy(() =>
      tf.unsortedSegmentSum(tf.tensor(numbers(15, 'x'), [5, 3]), tf.tensor1d([2, 0, 2, 2, 4], 'int32'), 6),
    ),
  )
})

test.each(FAST)('%s gathers rows and takes tensors apart as cpu does, along every axis', async (name) => {
  const values = numbers(2 * 70 * 6, 'x')
  await expectSame(name, () =>
    tf.tidy(() => tf.gather(tf.tensor(values, [2 * 6, 70]), tf.tensor1d([11, 0, 3, 3], 'int32'))),
  )
  for (const [axis, sizes] of [[0, 2] as const, [1, [4, 66]] as const, [2, [1, 2, 3]] as const])
    await expectSame(name, () =>
      tf.tidy(() => {
        const parts = tf.split(tf.tensor(values, [2, 70, 6]), sizes as number | number[], axis)
        return tf.concat(
          parts.toReversed().map((part) => tf.reshape(part, [-1])),
          0,
        )
      }),
    )
})

test.each(FAST)('%s adds rows, and numbers along any axis, as cpu does', async (name) => {
  const values = numbers(7 * 6, 'sums')
  for (const rows of [1, 3, 4, 7])
    for (const keep of [false, true])
      await expectSame(name, () =>
        tf.tidy(() => tf.sum(tf.tensor(values.slice(0, rows * 6), [rows, 6]), 0, keep)),
      )
  for (const axes of [[1], [-1], [0, 1]])
    await expectSame(name, () => tf.tidy(() => tf.sum(tf.tensor(values, [7, 6]), axes)))
  await expectSame(name, () => tf.tidy(() => tf.sum(tf.tensor(values, [7, 2, 3]), 0)))
  await expectSame(name, () => tf.tidy(() => tf.sum(tf.tensor([1, 2, 3, 4], [2, 2], 'int32'), 0)))
})

test.each(FAST)('%s gathers along another axis as cpu does', async (name) => {
  const values = numbers(12, 'columns')
  await expectSame(name, () =>
    tf.tidy(() => tf.gather(tf.tensor(values, [3, 4]), tf.tensor1d([3, 0], 'int32'), 1)),
  )
})

test('WebAssembly says which row is not there, where its own kernel read other memory', async () => {
  await openBackend('wasm')
  expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, 3], 'int32'))).toThrow(/rows from 0 to 2 .*got 3/)
})

test('in WebAssembly a copy shares its numbers and outlives what it was made of', async () => {
  await openBackend('wasm')
  const first = tf.tensor1d([1, 2, 3])
  const buffers = tf.memory().numDataBuffers
  const copy = first.clone()
  expect(tf.memory().numDataBuffers).toBe(buffers)
  first.dispose()
  expect([...copy.dataSync()]).toEqual([1, 2, 3])
  copy.dispose()
})

test.each(FAST)('%s: products and their gradients leave nothing in memory', async (name) => {
  await openBackend(name)
  const before = tf.memory()
  for (let round = 0; round < 10; round++)
    tf.tidy(() => {
      const of = tf.valueAndGrad((x: tf.Tensor) => tf.sum(tf.matMul(x, tf.ones([3, 2, 4]), false, true)))
      of(tf.ones([3, 2, 4]))
    })
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers })
})

test.each(FAST)('%s differentiates by the gradients of the engine as cpu does', async (name) => {
  const table = numbers(24, 'table')
  await expectSame(name, () =>
    tf.tidy(() => {
      const lossOf = (x: tf.Tensor): tf.Scalar => {
        const rows = tf.gather(x, tf.tensor1d([1, 5, 1, 0], 'int32'))
        const scores = tf.softmax(tf.matMul(rows, rows, false, true))
        return tf.sum(tf.square(tf.matMul(scores, tf.sigmoid(rows))))
      }
      return tf.grad(lossOf)(tf.tensor(table, [6, 4]))
    }),
  )
})

// Where this one is skipped, the native backend was not tried: codevision setup tfjs.
const nativeTest = FAST.includes('node') ? test : test.skip
nativeTest('the native backend comes before the others', () => {
  expect(FAST).toEqual(['node', 'wasm'])
})

test('auto opens the fastest that loads', async () => {
  expect(await openBackend('auto')).toBe(FAST[0])
})

test('where the native backend is not installed, the error names the command', async () => {
  await withEnvironment(
    (folder) => ({ CODEVISION_CACHE: folder }),
    async () => {
      // A package of npm may be there all the same.
      if (findTfjsNode().length > 0) return
      await expect(openBackend('node')).rejects.toThrow('codevision setup tfjs')
    },
  )
})

async function expectSame(name: BackendName, compute: () => tf.Tensor): Promise<void> {
  const results: { shape: number[]; values: Float32Array }[] = []
  for (const backend of ['cpu', name] satisfies BackendName[]) {
    await openBackend(backend)
    const result = compute()
    results.push({ shape: result.shape, values: (await result.data()) as Float32Array })
  }
  const [theirs, ours] = results
  expect(ours?.shape).toEqual(theirs?.shape)
  for (const [at, value] of [...(theirs?.values ?? [])].entries())
    expect(ours?.values[at]).toBeCloseTo(value, 5)
}

import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { openBackend, type BackendName } from './open-backend.js'

const numbers = (count: number, seed: string): Float32Array => {
  const uniform = uniformStream(seed)
  return Float32Array.from({ length: count }, () => uniform() - 0.5)
}

const SIDES = [false, true].flatMap((a) => [false, true].map((b): [boolean, boolean] => [a, b]))

test.each(SIDES)(
  'wasm multiplies stacks of matrices as cpu does, transposed or not (%s, %s)',
  async (transposeA, transposeB) => {
    const compute = (): tf.Tensor =>
      tf.tidy(() => {
        const a = tf.tensor(numbers(6 * 20, 'a'), transposeA ? [2, 3, 5, 4] : [2, 3, 4, 5])
        const b = tf.tensor(numbers(6 * 35, 'b'), transposeB ? [2, 3, 7, 5] : [2, 3, 5, 7])
        return tf.matMul(a, b, transposeA, transposeB)
      })
    await expectSame(compute)
  },
)

test('a product is that of the numbers of now, after others had the same memory', async () => {
  await openBackend('wasm')
  for (let round = 0; round < 20; round++) {
    const [product, expected] = tf.tidy(() => {
      const a = tf.tensor(numbers(12, `a ${round}`), [2, 2, 3])
      const b = tf.tensor(numbers(12, `b ${round}`), [2, 3, 2])
      const long = tf.sum(tf.mul(tf.reshape(a, [2, 2, 3, 1]), tf.reshape(b, [2, 1, 3, 2])), 2)
      return [tf.matMul(a, b).dataSync(), long.dataSync()]
    })
    for (const [at, value] of [...(expected ?? [])].entries()) expect(product?.[at]).toBeCloseTo(value, 5)
  }
})

test('wasm adds rows up by segment as cpu does, empty segments included', async () => {
  await expectSame(() =>
    tf.tidy(() =>
      tf.unsortedSegmentSum(tf.tensor(numbers(15, 'x'), [5, 3]), tf.tensor1d([2, 0, 2, 2, 4], 'int32'), 6),
    ),
  )
})

test('products leave nothing in memory', async () => {
  await openBackend('wasm')
  const before = tf.memory()
  for (let round = 0; round < 10; round++)
    tf.tidy(() => {
      tf.matMul(tf.ones([3, 2, 4]), tf.ones([3, 2, 4]), false, true)
    })
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers })
})

async function expectSame(compute: () => tf.Tensor): Promise<void> {
  const results: { shape: number[]; values: Float32Array }[] = []
  for (const name of ['cpu', 'wasm'] satisfies BackendName[]) {
    await openBackend(name)
    const result = compute()
    results.push({ shape: result.shape, values: (await result.data()) as Float32Array })
  }
  const [theirs, ours] = results
  expect(ours?.shape).toEqual(theirs?.shape)
  for (const [at, value] of [...(theirs?.values ?? [])].entries())
    expect(ours?.values[at]).toBeCloseTo(value, 5)
}

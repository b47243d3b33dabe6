import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { openBackend } from '../backend/open-backend.js'

beforeAll(() => openBackend('cpu'))

const numbers = (shape: number[], seed: string): tf.Tensor => {
  const uniform = uniformStream(seed)
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => uniform() + 0.5),
    shape,
  )
}

const OPERATIONS: [name: string, shape: number[], operation: (x: tf.Tensor) => tf.Tensor][] = [
  ['a sum with what is broadcast', [3, 4], (x) => tf.add(numbers([2, 3, 4], 'other'), x)],
  ['a bias', [4], (x) => tf.add(numbers([3, 4], 'other'), x)],
  ['a difference', [3, 1], (x) => tf.sub(numbers([3, 4], 'other'), x)],
  ['a product with what is broadcast', [1, 4], (x) => tf.mul(numbers([3, 4], 'other'), x)],
  ['a negative', [3], (x) => tf.neg(x)],
  ['a square', [3], (x) => tf.square(x)],
  ['one over a root', [3], (x) => tf.rsqrt(x)],
  ['the error function', [3], (x) => tf.erf(x)],
  ['the logistic function', [3], (x) => tf.sigmoid(x)],
  ['a hyperbolic tangent', [3], (x) => tf.tanh(x)],
  ['a sum over an axis', [2, 3, 2], (x) => tf.sum(x, 1)],
  ['a mean that keeps its axis', [2, 3], (x) => tf.mean(x, -1, true)],
  ['a softmax', [2, 3], (x) => tf.softmax(x)],
  ['its logarithm', [2, 3], (x) => tf.logSoftmax(x)],
  ['another shape', [2, 3], (x) => tf.reshape(x, [3, 2])],
  ['another order of axes', [2, 3, 4], (x) => tf.transpose(x, [2, 0, 1])],
  ['a slice', [3, 4], (x) => tf.slice(x, [1, 1], [2, 2])],
  ['a concatenation', [2, 3], (x) => tf.concat([numbers([1, 3], 'other'), x, x], 0)],
  ['rows that are looked up, one twice', [4, 2], (x) => tf.gather(x, tf.tensor1d([3, 0, 3], 'int32'))],
]

test.each(OPERATIONS)('the gradient of %s is what small differences say', (_, shape, operation) => {
  expectGradient({ x: numbers(shape, 'x'), operation })
})

const SIDES = [false, true].flatMap((a) => [false, true].map((b): [boolean, boolean] => [a, b]))

test.each(SIDES)(
  'the gradients of a product of matrices are so, transposed or not (%s, %s)',
  (transposeA, transposeB) => {
    const a = numbers(transposeA ? [2, 4, 3] : [2, 3, 4], 'a')
    const b = numbers(transposeB ? [2, 5, 4] : [2, 4, 5], 'b')
    expectGradient({ x: a, operation: (x) => tf.matMul(x, b, transposeA, transposeB) })
    expectGradient({ x: b, operation: (x) => tf.matMul(a, x, transposeA, transposeB) })
  },
)

test('matrices whose leading axes would have to be broadcast have none, and say so', () => {
  const b = numbers([4, 5], 'b')
  const of = tf.grad((x: tf.Tensor) => tf.sum(tf.matMul(x, b)))
  expect(() => of(numbers([2, 3, 4], 'a'))).toThrow(/same leading axes/)
})

/** Compares with central differences of a weighed sum of the results, in the precision that float32 leaves them. */
function expectGradient({ x, operation }: { x: tf.Tensor; operation: (x: tf.Tensor) => tf.Tensor }): void {
  const weigh = (y: tf.Tensor): tf.Tensor => tf.sum(tf.mul(y, numbers(y.shape, 'weights')))
  const gradient = tf
    .grad((given: tf.Tensor) => weigh(operation(given)))(x)
    .dataSync()
  const values = x.dataSync()
  const step = 1e-2
  for (let at = 0; at < values.length; at++) {
    const moved = (by: number): number => {
      const copy = Float32Array.from(values)
      copy[at] = (copy[at] ?? 0) + by
      return weigh(operation(tf.tensor(copy, x.shape))).dataSync()[0] ?? NaN
    }
    expect(gradient[at]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 2)
  }
}

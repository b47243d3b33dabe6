import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { openBackend } from '../backend/open-backend.js'
import { geluTanh, swiglu } from './activations.js'
import { attend } from './attend.js'
import { layerNorm, rmsNorm } from './norms.js'
import { rotaryTables, rotate } from './rotary.js'

beforeAll(() => openBackend('cpu'))

const numbers = <Rank extends tf.Rank>(shape: tf.ShapeMap[Rank], seed: string): tf.Tensor<Rank> => {
  const uniform = uniformStream(seed)
  const count = tf.util.sizeFromShape(shape)
  return tf.tensor<Rank>(
    Float32Array.from({ length: count }, () => 2 * uniform() - 1),
    shape,
  )
}

const weightsOf = (held: Record<string, tf.Tensor>) => ({
  get: (name: string) => held[name] ?? tf.zeros([1]),
  find: (name: string) => held[name] ?? null,
  adapterScale: 1,
})

const weight = (): tf.Tensor => numbers<tf.Rank.R1>([6], 'weight')
const tables = () =>
  rotaryTables({ angles: Float32Array.from({ length: 12 }, (_, at) => at / 3), frequencies: 3 })

const LAYERS: [name: string, shape: number[], layer: (x: tf.Tensor) => tf.Tensor][] = [
  [
    'a norm by squares',
    [4, 6],
    (x) => rmsNorm({ x, weights: weightsOf({ 'n.weight': weight() }), name: 'n', epsilon: 1e-3 }),
  ],
  [
    'its weight',
    [6],
    (w) =>
      rmsNorm({
        x: numbers<tf.Rank.R3>([2, 2, 6], 'x'),
        weights: weightsOf({ 'n.weight': w }),
        name: 'n',
        epsilon: 1e-3,
      }),
  ],
  [
    'a norm of layers',
    [4, 6],
    (x) =>
      layerNorm({
        x,
        weights: weightsOf({ 'n.weight': weight(), 'n.bias': weight() }),
        name: 'n',
        epsilon: 1e-3,
      }),
  ],
  [
    'its weight and bias',
    [6],
    (w) =>
      layerNorm({
        x: numbers<tf.Rank.R2>([4, 6], 'x'),
        weights: weightsOf({ 'n.weight': w, 'n.bias': w }),
        name: 'n',
        epsilon: 1e-3,
      }),
  ],
  ['a gate', [3, 5], (gate) => swiglu({ gate, up: numbers<tf.Rank.R2>([3, 5], 'up') })],
  ['what a gate lets through', [3, 5], (up) => swiglu({ gate: numbers<tf.Rank.R2>([3, 5], 'gate'), up })],
  ['the bent error function', [3, 5], (x) => geluTanh(x)],
  ['rotary positions', [4, 2, 6], (x) => rotate({ x: x as tf.Tensor3D, tables: tables() })],
  ['queries', [2, 3, 4, 6], (x) => attention({ queries: x as tf.Tensor4D })],
  ['keys', [2, 3, 2, 6], (x) => attention({ keys: x as tf.Tensor4D })],
  ['values', [2, 3, 2, 6], (x) => attention({ values: x as tf.Tensor4D })],
]

test.each(LAYERS)('the gradient by %s is what small differences say', (_, shape, layer) => {
  const x = numbers<tf.Rank>(shape as tf.ShapeMap[tf.Rank], 'x')
  const share = numbers<tf.Rank>(layer(x).shape as tf.ShapeMap[tf.Rank], 'share')
  const lossOf = (at: tf.Tensor): tf.Scalar => tf.sum(tf.mul(layer(at), share))
  const slopes = tf.grad(lossOf)(x).dataSync()
  const values = x.dataSync()
  const step = 1e-2
  for (const at of values.keys()) {
    const moved = (by: number): number => {
      const other = values.slice()
      other[at] = (other[at] ?? 0) + by
      return lossOf(tf.tensor(other, shape)).dataSync()[0] ?? NaN
    }
    expect(slopes[at]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 2)
  }
})

test('a vector is turned pair by pair, and keeps its length', () => {
  const x = tf.tensor3d([1, 2, 3, 4], [1, 1, 4])
  const turned = rotate({
    x,
    tables: rotaryTables({ angles: Float32Array.of(Math.PI / 2, 0), frequencies: 2 }),
  })
  const [a, b, c, d] = turned.dataSync()
  // (1, 3) by a right angle, (2, 4) not at all.
  expect(a).toBeCloseTo(-3, 5)
  expect(c).toBeCloseTo(1, 5)
  expect([b, d]).toEqual([2, 4])
})

function attention(given: { queries?: tf.Tensor4D; keys?: tf.Tensor4D; values?: tf.Tensor4D }): tf.Tensor2D {
  return attend({
    queries: numbers<tf.Rank.R4>([2, 3, 4, 6], 'queries'),
    keys: numbers<tf.Rank.R4>([2, 3, 2, 6], 'keys'),
    values: numbers<tf.Rank.R4>([2, 3, 2, 6], 'values'),
    mask: tf.tensor2d([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], [3, 3]),
    ...given,
  })
}

import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from '@jest/globals'
import { ModelError } from '../../core/errors.js'
import { openBackend } from './open-backend.js'
import type { WasmBackend } from './wasm-parts.js'

await openBackend('wasm')
// Nothing but the addresses is taken of the machine where nothing is written.
const wasm = tf.backend() as unknown as WasmBackend
const GIB = 2 ** 30

/** Take up the heap until there is no piece left of `least` bytes. */
function fill(least: number): tf.TensorInfo[] {
  const taken: tf.TensorInfo[] = []
  for (let bytes = GIB; bytes >= least; bytes /= 4)
    for (;;)
      try {
        taken.push(wasm.makeOutput([bytes / 4], 'float32'))
      } catch (error) {
        if (!(error instanceof ModelError)) throw error
        break
      }
  return taken
}

function release(taken: readonly tf.TensorInfo[]): void {
  for (const { dataId } of taken) wasm.disposeData(dataId)
}

const products = (): number[] =>
  tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2])
    return [...tf.matMul(x, x).dataSync(), ...tf.matMul(x, x, true).dataSync()]
  })

test('a heap that is full is an error that says what to do, and spoils nothing', () => {
  const kept = tf.tensor1d([1, 2, 3])
  const taken = fill(2 ** 20)
  try {
    expect(taken.length).toBeGreaterThan(3)
    expect(() => tf.tensor(new Float32Array(2 ** 19))).toThrow(
      /got no further 2 MiB in one piece \(at most 4096 MiB.+tokensPerPart.+codevision setup tfjs/,
    )
    expect(() => tf.tensor(new Float32Array(2 ** 19))).toThrow(ModelError)
  } finally {
    release(taken)
  }
  expect([...kept.dataSync()]).toEqual([1, 2, 3])
  expect(products()).toEqual([7, 10, 15, 22, 10, 14, 14, 20])
  kept.dispose()
})

test('a product for whose packed matrix there is no room is an error, not zeros', () => {
  const [x, y] = [tf.ones([1, 1024]), tf.ones([1024, 1024])]
  const before = tf.backend().numDataIds()
  const taken = fill(2 ** 16)
  try {
    expect(() => tf.matMul(x, y)).toThrow(/got no further 5 MiB in one piece/)
  } finally {
    release(taken)
  }
  expect(tf.backend().numDataIds()).toBe(before)
  expect(tf.tidy(() => tf.matMul(x, y).dataSync()[1023])).toBe(1024)
  tf.dispose([x, y])
})

test('more bytes than an address can say are an error, not what is left of their number', () => {
  for (const bytes of [2 ** 32, 2 ** 32 + 4096]) expect(() => wasm.wasm._malloc(bytes)).toThrow(ModelError)
})

test('memory that was given back is there again', () => {
  for (let round = 0; round < 3; round++) {
    const taken = fill(2 ** 20)
    expect(taken.length).toBeGreaterThan(3)
    release(taken)
  }
  expect(products()).toEqual([7, 10, 15, 22, 10, 14, 14, 20])
})

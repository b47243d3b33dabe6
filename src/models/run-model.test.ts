import { concat, dispose, tidy, type Tensor2D } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { openBackend } from './backend/open-backend.js'
import type { ModelConfig } from './config/model-config.js'
import { ropePositions } from './positions/rope-positions.js'
import { runModel, type SequenceInput } from './run-model.js'
import { IMAGE_PAD } from './testing/tiny-config.js'
import { tinyIds, tinyImage, tinyModel, type TinyModel } from './testing/tiny-model.js'
import type { ModelWeights } from './weights/model-weights.js'
import { newWeights } from './weights/new-weights.js'

beforeAll(() => openBackend('cpu'))

const wide = tinyImage({ height: 2, width: 6, seed: 'wide' })
const tall = tinyImage({ height: 6, width: 4, seed: 'tall' })
const other = tinyImage({ height: 2, width: 6, seed: 'other' })

const sequenceOf = (count: number, images: readonly (typeof wide)[]): SequenceInput => {
  const ids = tinyIds({ count, images, seed: `${count}` })
  const grids = images.map(({ grid }) => ({ height: grid.height / 2, width: grid.width / 2 }))
  return { ids, images, past: 0, positions: ropePositions({ ids, imagePad: IMAGE_PAD, grids }) }
}

test.each(['qwen2_5_vl', 'qwen3_vl'] as const)(
  '%s: sequences of any lengths, with images of any sizes and one that comes back, are what they are alone',
  (family) => {
    const model = tinyModel(family)
    const sequences = [
      sequenceOf(3, [wide]),
      sequenceOf(30, []),
      sequenceOf(4, [tall, other]),
      sequenceOf(28, [wide]),
      sequenceOf(2, []),
    ]
    expectTheSame({ model, sequences })
    expectTheSame({ model, sequences: [sequenceOf(5, [tall]), sequenceOf(5, [tall])] })
    dispose(model.weights.names.map((name) => model.weights.get(name)))
  },
)

test('what DeepStack adds follows the blocks, in whatever order the configuration names them', () => {
  const { config, weights } = tinyModel('qwen3_vl')
  const { vision } = config
  const sequences = [sequenceOf(3, [tall])]
  const withBlocks = (deepStackBlocks: number[]): ModelConfig => ({
    ...config,
    vision: { ...vision, learnedPositions: { side: 3, deepStackBlocks } },
  })
  // The merger of a block stands at the block's place in the list.
  const first = newWeights({ config: withBlocks([0, 1]), initialization: { seed: 6 } })
  const swapped = (name: string): string =>
    name.replace(/(?<=deepstack_merger_list\.)\d/, (at) => (at === '0' ? '1' : '0'))
  const second: ModelWeights = {
    adapterScale: 1,
    get: (name) => first.get(swapped(name)),
    find: (name) => first.find(swapped(name)),
  }
  const [one, other] = tidy(() => [
    runModel({ config: withBlocks([0, 1]), weights: first, sequences }).arraySync(),
    runModel({ config: withBlocks([1, 0]), weights: second, sequences }).arraySync(),
  ])
  expect(other).toEqual(one)
  first.dispose()
  weights.dispose()
})

function expectTheSame({
  model,
  sequences,
}: {
  model: TinyModel
  sequences: readonly SequenceInput[]
}): void {
  const [together, alone] = tidy(() => {
    const each = sequences.map((sequence): Tensor2D => runModel({ ...model, sequences: [sequence] }))
    return [runModel({ ...model, sequences }).arraySync(), concat(each, 0).arraySync()]
  })
  expect(together).toHaveLength(alone?.length ?? 0)
  for (const [row, values] of (together ?? []).entries())
    for (const [at, value] of values.entries()) expect(value).toBeCloseTo(alone?.[row]?.[at] ?? NaN, 4)
}

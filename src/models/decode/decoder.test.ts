import { gather, memory, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { openBackend } from '../backend/open-backend.js'
import { parseModelConfig } from '../config/read-config.js'
import { createConversation, type Conversation } from '../generate/conversation.js'
import { nextScores } from '../generate/next-scores.js'
import { ropePositions } from '../positions/rope-positions.js'
import { logitsOf, runModel } from '../run-model.js'
import { IMAGE_PAD, tinyConfigJson } from '../testing/tiny-config.js'
import { tinyIds, tinyImage, tinyModel, type TinyModel } from '../testing/tiny-model.js'
import { isAdapter, withAdapters } from '../lora/with-adapters.js'
import { ADAMW_DEFAULTS } from '../train/adamw.js'
import { createTrainer } from '../train/trainer.js'
import { frozenWeights } from '../weights/frozen-weights.js'
import { newWeights } from '../weights/new-weights.js'
import { findDecoder } from './find-decoder.js'

const FAMILIES = ['qwen2_5_vl', 'qwen3_vl'] as const
const IMAGE = tinyImage({ height: 4, width: 6, seed: 'image' })

beforeAll(() => openBackend('wasm'))

/** What tensor operations give for a whole conversation at once, with nothing kept. */
function wholeScores({ model, ids }: { model: TinyModel; ids: readonly number[] }): Float32Array {
  const { config, weights } = model
  const count = ids.filter((id) => id === IMAGE_PAD).length / IMAGE.tokens
  const images = Array.from({ length: count }, () => IMAGE)
  const grid = { height: IMAGE.grid.height / 2, width: IMAGE.grid.width / 2 }
  const positions = ropePositions({ ids, imagePad: IMAGE_PAD, grids: images.map(() => grid) })
  const scores = tidy(() => {
    const hidden = runModel({ sequences: [{ ids, positions, images, past: 0 }], config, weights })
    return logitsOf({ hidden: gather(hidden, tensor1d([ids.length - 1], 'int32')), config, weights })
  })
  const values = scores.dataSync() as Float32Array
  scores.dispose()
  return values
}

function expectNear(got: Float32Array | undefined, expected: Float32Array): void {
  expect(got).toHaveLength(expected.length)
  const worst = expected.reduce((most, score, at) => Math.max(most, Math.abs(score - (got?.[at] ?? NaN))), 0)
  expect(worst).toBeLessThan(2e-5)
}

/** A step of conversations, each held against the same computed at once; then a token is added to each. */
async function checkedStep({
  model,
  conversations,
  uniform,
}: {
  model: TinyModel
  conversations: readonly Conversation[]
  uniform: () => number
}): Promise<void> {
  const scores = await nextScores({ model, conversations })
  for (const [at, conversation] of conversations.entries()) {
    expectNear(scores[at], wholeScores({ model, ids: conversation.ids }))
    conversation.add({ ids: [Math.floor(uniform() * 18)] })
  }
}

function begin({
  model,
  count,
  hasImage,
  seed,
}: {
  model: TinyModel
  count: number
  hasImage: boolean
  seed: string
}): Conversation {
  const conversation = createConversation(model)
  const images = hasImage ? [IMAGE] : []
  conversation.add({ ids: tinyIds({ count, images, seed }), images })
  return conversation
}

test.each(FAMILIES)(
  '%s: conversations that join, leave, and go on with an image or a few words are given what tensors give',
  async (family) => {
    const model = tinyModel(family)
    const uniform = uniformStream(family)
    const conversations = [1, 5, 30, 34, 70].map((count, at) =>
      begin({ model, count, hasImage: at % 2 === 1, seed: `${at}` }),
    )
    for (let step = 0; step < 40; step++) {
      // From all of them down to one, and up again: every number of rows.
      const active = conversations.slice(0, 1 + (step % conversations.length))
      if (step === 12) conversations[0]?.add({ ids: tinyIds({ count: 3, seed: 'words' }) })
      if (step === 20)
        conversations[0]?.add({ ids: tinyIds({ count: 2, images: [IMAGE], seed: 'more' }), images: [IMAGE] })
      if (step === 25) conversations[1]?.add({ ids: tinyIds({ count: 70, seed: 'many words' }) })
      await checkedStep({ model, conversations: active, uniform })
    }
    for (const conversation of conversations) conversation.dispose()
    model.weights.dispose()
  },
)

test.each(FAMILIES)(
  '%s: what a conversation is given does not depend on its neighbours, to the last bit',
  async (family) => {
    const model = tinyModel(family)
    const written = async (width: number): Promise<Float32Array[]> => {
      const all = Array.from({ length: width }, (_, at) =>
        begin({ model, count: 3 + at, hasImage: false, seed: `${at}` }),
      )
      const given: Float32Array[] = []
      for (let step = 0; step < 5; step++) {
        const [first] = await nextScores({ model, conversations: all })
        given.push(first ?? new Float32Array())
        for (const [at, one] of all.entries()) one.add({ ids: [(step * 3 + at) % 18] })
      }
      for (const one of all) one.dispose()
      return given
    }
    const alone = await written(1)
    // More rows than one call computes.
    for (const width of [2, 3, 21]) expect(await written(width)).toEqual(alone)
  },
)

test('weights that changed are packed again', async () => {
  const config = parseModelConfig({ value: tinyConfigJson({ family: 'qwen3_vl' }), where: 'config.json' })
  const [before, after] = [1, 2].map((seed) => newWeights({ config, initialization: { seed } }))
  if (before === undefined || after === undefined) throw new Error('expected two')
  let current = before
  const model = {
    config,
    weights: {
      ...before,
      get: (name: string): Tensor => current.get(name),
      find: (name: string): Tensor | null => current.find(name),
    },
  }
  for (const weights of [before, after, before]) {
    current = weights
    const conversation = begin({ model, count: 4, hasImage: false, seed: 'same' })
    await checkedStep({ model, conversations: [conversation], uniform: () => 0 })
    await checkedStep({ model, conversations: [conversation], uniform: () => 0 })
    conversation.dispose()
  }
})

test('a model with an own head, heads of keys without groups and sizes that fill no vector is computed too', async () => {
  const value = tinyConfigJson({ family: 'qwen3_vl' }) as { text_config: object; vision_config: object }
  const odd = {
    ...value,
    tie_word_embeddings: false,
    vision_config: { ...value.vision_config, out_hidden_size: 22 },
    text_config: {
      ...value.text_config,
      hidden_size: 22,
      intermediate_size: 37,
      num_key_value_heads: 4,
      head_dim: 10,
      vocab_size: 21,
      rope_parameters: { mrope_section: [2, 2, 1], rope_theta: 10_000, rope_type: 'default' },
    },
  }
  const config = parseModelConfig({ value: odd, where: 'config.json' })
  const model = { config, weights: newWeights({ config, initialization: { seed: 3 } }) }
  const uniform = uniformStream('odd')
  const conversations = [2, 40, 7].map((count, at) =>
    begin({ model, count, hasImage: at === 2, seed: `${at}` }),
  )
  for (let step = 0; step < 6; step++) await checkedStep({ model, conversations, uniform })
})

test('memory of conversations that ended is used again, and no tensor is left', async () => {
  const model = tinyModel('qwen2_5_vl')
  const decoder = findDecoder(model)
  expect(decoder).not.toBeNull()
  const sizes = new Set<number>()
  const tensors = memory().numTensors
  for (let round = 0; round < 4; round++) {
    const conversations = [10, 50, 90].map((count, at) =>
      begin({ model, count, hasImage: at === 1, seed: `${round}/${at}` }),
    )
    for (let step = 0; step < 40; step++) {
      await nextScores({ model, conversations })
      for (const one of conversations) one.add({ ids: [step % 18] })
    }
    for (const one of conversations) {
      one.dispose()
      one.dispose()
    }
    sizes.add(decoder?.bytes ?? NaN)
  }
  expect(sizes.size).toBe(1)
  expect(memory().numTensors).toBe(tensors)
})

test('a conversation of other weights is continued by tensors', async () => {
  const model = tinyModel('qwen3_vl')
  const same = {
    ...model,
    weights: frozenWeights(model.weights),
  }
  const conversation = begin({ model, count: 6, hasImage: true, seed: 'begun' })
  const uniform = uniformStream('other')
  for (let step = 0; step < 4; step++)
    await checkedStep({ model: step % 2 === 0 ? model : same, conversations: [conversation], uniform })
})

test.each(FAMILIES)(
  '%s: rollouts of one prompt share what was computed of it, and are given what they would be given alone',
  async (family) => {
    const model = tinyModel(family)
    const decoder = findDecoder(model)
    const uniform = uniformStream('rollouts')
    // A whole page, a page and a part, less than a page; with and without an image.
    const prompts = [
      { count: 64, hasImage: false },
      { count: 40, hasImage: true },
      { count: 5, hasImage: false },
      { count: 70, hasImage: false },
    ]
    const rollouts = (repeated: number): Conversation[] =>
      prompts.flatMap((prompt, at) =>
        Array.from({ length: repeated }, () => begin({ model, ...prompt, seed: `${at}` })),
      )
    const bytes: number[] = []
    for (const repeated of [3, 1, 3]) {
      const conversations = rollouts(repeated)
      for (let step = 0; step < 4; step++) await checkedStep({ model, conversations, uniform })
      // One that ends leaves the others what they share.
      const [ended, ...others] = conversations
      ended?.dispose()
      for (let step = 0; step < 30; step++) await checkedStep({ model, conversations: others, uniform })
      for (const one of others) one.dispose()
      bytes.push(decoder?.bytes ?? NaN)
    }
    expect(bytes[2]).toBe(bytes[0])
  },
)

test('conversations that begin with other tokens or other images are not taken for one', async () => {
  const model = tinyModel('qwen3_vl')
  const other = { ...IMAGE, patches: IMAGE.patches.map((value, at) => (at === 100 ? value + 0.5 : value)) }
  const ids = tinyIds({ count: 4, images: [IMAGE], seed: 'prompt' })
  const conversations = [IMAGE, other, { ...IMAGE, patches: IMAGE.patches.slice() }].map((image) => {
    const conversation = createConversation(model)
    conversation.add({ ids, images: [image] })
    return conversation
  })
  const [first, second, third] = await nextScores({ model, conversations })
  expect(third).toBe(first)
  expect(second).not.toEqual(first)
})

test('adapters count, and count again when they have changed', async () => {
  const { config, weights } = tinyModel('qwen2_5_vl')
  const lora = { rank: 2, alpha: 8, targets: ['q_proj', 'o_proj', 'down_proj'] }
  const trainer = createTrainer({
    config,
    weights: withAdapters({ weights, config, lora, seed: 1 }),
    isTrained: isAdapter,
    optimizer: { ...ADAMW_DEFAULTS, weightDecay: 0 },
  })
  const model = { config, weights: trainer.weights }
  const ids = Int32Array.from(tinyIds({ count: 9, seed: 'lesson' }))
  const mask = Uint8Array.from(ids, (_, at) => (at > 4 ? 1 : 0))
  const given: (Float32Array | undefined)[] = []
  for (let step = 0; step < 3; step++) {
    const conversation = begin({ model, count: 6, hasImage: false, seed: 'same' })
    const [scores] = await nextScores({ model, conversations: [conversation] })
    expectNear(scores, wholeScores({ model, ids: conversation.ids }))
    given.push(scores)
    conversation.dispose()
    trainer.backward({
      segments: [{ ids, mask, images: [] }],
      gradient: (all) => all.map((own) => own.map(() => -1)),
    })
    await trainer.update({ learningRate: 0.05 })
  }
  expect(given[1]).not.toEqual(given[0])
  expect(given[2]).not.toEqual(given[1])
})

test('a token that is not of the vocabulary is an error, not memory beside the table', async () => {
  const model = tinyModel('qwen3_vl')
  for (const id of [20, -1, NaN]) {
    const conversation = createConversation(model)
    conversation.add({ ids: [1, id] })
    await expect(nextScores({ model, conversations: [conversation] })).rejects.toThrow(
      /expected tokens from 0 to 19/,
    )
    conversation.dispose()
  }
  model.weights.dispose()
})

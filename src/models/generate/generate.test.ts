import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { openBackend } from '../backend/open-backend.js'
import type { ModelFamily } from '../config/model-config.js'
import { tinyIds, tinyImage, tinyModel, type TinyModel } from '../testing/tiny-model.js'
import { createConversation, type Conversation } from './conversation.js'
import { generate, type GenerationRequest } from './generate.js'

const FAMILIES = ['qwen2_5_vl', 'qwen3_vl'] as const

beforeAll(() => openBackend('wasm'))

const SAMPLING = { temperature: 1, topP: 0.9, topK: 12 }

function request(conversation: Conversation, seed: string, maxTokens = 8): GenerationRequest {
  return { conversation, sampling: SAMPLING, random: uniformStream(seed), maxTokens, stopIds: new Set([3]) }
}

/** Conversations of different lengths and images. */
function conversations(model: TinyModel): Conversation[] {
  const images = [
    [],
    [tinyImage({ height: 4, width: 6, seed: 'a' })],
    [tinyImage({ height: 6, width: 2, seed: 'b' }), tinyImage({ height: 2, width: 2, seed: 'c' })],
  ]
  return images.map((own, at) => {
    const conversation = createConversation(model)
    conversation.add({ ids: tinyIds({ count: 3 + at, images: own, seed: `ids ${at}` }), images: own })
    return conversation
  })
}

test.each(FAMILIES)(
  '%s: many conversations at once are given what each is given alone',
  async (family: ModelFamily) => {
    const model = tinyModel(family)
    const together = await generate({
      model,
      requests: conversations(model).map((one, at) => request(one, `${at}`)),
    })
    const alone = []
    for (const [at, one] of conversations(model).entries())
      alone.push(...(await generate({ model, requests: [request(one, `${at}`)] })))
    expect(together.map(({ tokens }) => tokens.map(({ id }) => id))).toEqual(
      alone.map(({ tokens }) => tokens.map(({ id }) => id)),
    )
    for (const [at, { tokens }] of together.entries())
      for (const [token, { logprob }] of tokens.entries())
        expect(logprob).toBeCloseTo(alone[at]?.tokens[token]?.logprob ?? NaN, 4)
  },
)

test.each(FAMILIES)(
  '%s: a conversation that goes on with a new image is given what the whole would be',
  async (family) => {
    const model = tinyModel(family)
    const [, first] = conversations(model)
    if (first === undefined) throw new Error('expected a conversation')
    await generate({ model, requests: [request(first, 'turn one')] })
    const image = tinyImage({ height: 2, width: 4, seed: 'next' })
    const more = tinyIds({ count: 2, images: [image], seed: 'more' })
    first.add({ ids: more, images: [image] })
    const whole = createConversation(model)
    whole.add({ ids: first.ids, images: [tinyImage({ height: 4, width: 6, seed: 'a' }), image] })
    const [continued] = await generate({ model, requests: [request(first, 'turn two')] })
    const [anew] = await generate({ model, requests: [request(whole, 'turn two')] })
    expect(continued?.tokens.map(({ id }) => id)).toEqual(anew?.tokens.map(({ id }) => id))
  },
)

test('a stop token ends a turn and belongs to it; the bound ends it too', async () => {
  const model = tinyModel('qwen3_vl')
  const all = conversations(model)
  const results = await generate({
    model,
    requests: all.map((one, at) => ({
      ...request(one, `${at}`, 3),
      stopIds: new Set(at === 0 ? Array.from({ length: 20 }, (_, id) => id) : []),
    })),
  })
  expect(results.map(({ finish, tokens }) => [finish, tokens.length])).toEqual([
    ['stop', 1],
    ['length', 3],
    ['length', 3],
  ])
})

test('generating leaves no tensor behind', async () => {
  const model = tinyModel('qwen2_5_vl')
  const before = memory().numTensors
  for (let round = 0; round < 5; round++) {
    const all = conversations(model)
    await generate({ model, requests: all.map((one, at) => request(one, `${round}/${at}`)) })
    for (const one of all) one.dispose()
  }
  expect(memory().numTensors).toBe(before)
})

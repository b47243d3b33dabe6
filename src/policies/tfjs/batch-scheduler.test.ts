import { beforeAll, expect, test } from '@jest/globals'
import { ModelError } from '../../core/errors.js'
import { uniformStream } from '../../core/uniform-stream.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { createDecoderMemory } from '../../models/decode/decoder-memory.js'
import { createConversation } from '../../models/generate/conversation.js'
import { tinyIds, tinyModel, type TinyModel } from '../../models/testing/tiny-model.js'
import { heldWeights } from '../../models/weights/load-weights.js'
import { createBatchScheduler, type BatchScheduler, type GenerationJob } from './batch-scheduler.js'
import { createWeightsGate } from './weights-gate.js'

let model: TinyModel
beforeAll(async () => {
  await openBackend('wasm')
  model = tinyModel('qwen3_vl')
})

const PLENTY = { bytes: 1e9, perToken: 1 }
const schedulerOf = (given: Partial<Parameters<typeof createBatchScheduler>[0]> = {}): BatchScheduler =>
  createBatchScheduler({ model, places: 16, room: PLENTY, ...given })

function job(seed: string, rest: Partial<GenerationJob> = {}): GenerationJob {
  const conversation = createConversation(model)
  conversation.add({ ids: tinyIds({ count: 5, seed }) })
  return {
    conversation,
    sampling: { temperature: 1, topP: 1, topK: 0 },
    random: uniformStream(seed),
    maxTokens: 6,
    stopIds: new Set(),
    signal: new AbortController().signal,
    ...rest,
  }
}

test('conversations join one that is under way, and one that is aborted leaves it alone', async () => {
  const scheduler = schedulerOf()
  const abort = new AbortController()
  const late: Promise<unknown>[] = []
  const long = await scheduler.run(
    job('long', {
      maxTokens: 30,
      isEnough: () => {
        if (late.length === 0)
          late.push(
            scheduler.run(job('joins')),
            scheduler.run(job('stopped', { maxTokens: 1000, signal: abort.signal })).catch((error) => error),
          )
        else abort.abort(new Error('enough'))
        return false
      },
    }),
  )
  expect(long.tokens).toHaveLength(30)
  const [joined, stopped] = await Promise.all(late)
  expect(joined).toEqual(await schedulerOf().run(job('joins')))
  expect(stopped).toEqual(new Error('enough'))
  expect(scheduler.widest).toBe(3)
})

test('no more are continued together than there are places, and room for', async () => {
  const all = (scheduler: BatchScheduler) =>
    Promise.all(['a', 'b', 'c', 'd', 'e'].map((seed) => scheduler.run(job(seed))))
  const wide = schedulerOf()
  const placed = schedulerOf({ places: 2 })
  // Five tokens and six to come: room for two, and for none.
  const small = schedulerOf({ room: { bytes: 32, perToken: 1 } })
  const none = schedulerOf({ room: { bytes: 1, perToken: 1 } })
  const expected = (await all(wide)).map(({ tokens }) => tokens.map(({ id }) => id))
  for (const scheduler of [placed, small, none])
    expect((await all(scheduler)).map(({ tokens }) => tokens.map(({ id }) => id))).toEqual(expected)
  expect([wide, placed, small, none].map(({ widest }) => widest)).toEqual([5, 2, 2, 1])
})

test.each([
  ['WebAssembly', () => new WebAssembly.RuntimeError('unreachable')],
  ['the decoder', () => fullDecoder()],
])(
  'where the memory of %s is full, the settings are named that whoever opened the policy has',
  async (_, fail) => {
    const weights = {
      ...model.weights,
      get: () => {
        throw fail()
      },
    }
    const memory = {
      ...{ atOnce: ['training.concurrency'], images: 'agent.maxPixels' },
      ...{ turnTokens: 'agent.tokensPerTurn', adapters: null },
    }
    const failed = schedulerOf({ model: { config: model.config, weights }, memory }).run(job('full'))
    await expect(failed).rejects.toThrow(ModelError)
    await expect(failed).rejects.toThrow(
      /\. Lower what is computed at once \(training\.concurrency\), the images \(agent\.maxPixels\) or the tokens of a turn \(agent\.tokensPerTurn\)\.$/,
    )
  },
)

/** What a decoder says that needs more than there are addresses. */
function fullDecoder(): unknown {
  try {
    return createDecoderMemory().allocate(2 ** 33)
  } catch (error) {
    return error
  }
}

test('long prompts are taken in one after the other, so that no step is long', async () => {
  const scheduler = schedulerOf()
  const long = (seed: string): GenerationJob => {
    const given = job(seed, { maxTokens: 1 })
    given.conversation.add({ ids: tinyIds({ count: 600, seed }) })
    return given
  }
  await Promise.all(['a', 'b', 'c'].map((seed) => scheduler.run(long(seed))))
  expect(scheduler.widest).toBe(1)
})

test('rollouts of one long prompt are taken in together, and are given what each is given alone', async () => {
  const rollout = (seed: string): GenerationJob => {
    const conversation = createConversation(model)
    conversation.add({ ids: tinyIds({ count: 600, seed: 'prompt' }) })
    return job(seed, { conversation })
  }
  const seeds = ['a', 'b', 'c']
  const scheduler = schedulerOf()
  const together = await Promise.all(seeds.map((seed) => scheduler.run(rollout(seed))))
  expect(scheduler.widest).toBe(3)
  for (const [at, seed] of seeds.entries())
    expect(together[at]).toEqual(await schedulerOf().run(rollout(seed)))
})

test('a closed scheduler fails what runs and what comes', async () => {
  const scheduler = schedulerOf()
  const running = scheduler.run(job('a', { maxTokens: 1000 }))
  scheduler.close()
  await expect(running).rejects.toThrow(ModelError)
  await expect(scheduler.run(job('b'))).rejects.toThrow(/is closed/)
})

test('a failing step fails its conversations, and the next ones are served', async () => {
  const scheduler = schedulerOf()
  const empty = job('empty', { conversation: createConversation(model) })
  await expect(scheduler.run(empty)).rejects.toThrow(/a conversation with tokens to go on from/)
  expect((await scheduler.run(job('a'))).tokens).toHaveLength(6)
})

test('scores that are not finite fail the conversations that were given them', async () => {
  const { fill } = await import('@tensorflow/tfjs-core')
  const { config, weights } = tinyModel('qwen3_vl')
  const spoilt = weights.names.map((name) => {
    const held = weights.get(name)
    return [name, name.endsWith('language_model.norm.weight') ? fill(held.shape, NaN) : held] as const
  })
  const scheduler = schedulerOf({ model: { config, weights: heldWeights({ held: new Map(spoilt) }) } })
  for (const seeds of [['a', 'b'], ['c']])
    for (const end of await Promise.allSettled(seeds.map((seed) => scheduler.run(job(seed)))))
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(ModelError) })
})

test('what one job does wrong fails that job alone', async () => {
  const scheduler = schedulerOf()
  const wrong = (): never => {
    throw new Error('wrong')
  }
  const [beside, ...failed] = await Promise.allSettled([
    scheduler.run(job('a')),
    scheduler.run(job('b', { random: wrong })),
    scheduler.run(job('c', { isEnough: wrong })),
  ])
  expect(beside).toEqual({ status: 'fulfilled', value: await schedulerOf().run(job('a')) })
  expect(failed).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('wrong') })))
})

test('what breaks the work itself fails all that is open, and the next ones are served', async () => {
  const gate = createWeightsGate()
  let broken = true
  const alone: typeof gate.alone = (work) => (broken ? Promise.reject(new Error('broken')) : gate.alone(work))
  const scheduler = schedulerOf({ gate: { ...gate, alone } })
  const ends = await Promise.allSettled(['a', 'b'].map((seed) => scheduler.run(job(seed))))
  expect(ends).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('broken') })))
  broken = false
  expect((await scheduler.run(job('a'))).tokens).toHaveLength(6)
})

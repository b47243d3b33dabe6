// Whether the engine keeps anything: 500 generations and 200 training steps of a small model on each backend that works here, with tensors and bytes counted on the way.
//
//     node scripts/verify-engine-memory.mjs [--generations 500] [--steps 200] [--backends node,wasm]
import { parseArgs } from 'node:util'
import { memory } from '@tensorflow/tfjs-core'
import { uniformStream } from '../dist/core/uniform-stream.js'
import { liveBackends, openBackend } from '../dist/models/backend/open-backend.js'
import { createConversation } from '../dist/models/generate/conversation.js'
import { generate } from '../dist/models/generate/generate.js'
import { parseModelConfig } from '../dist/models/config/read-config.js'
import { ADAMW_DEFAULTS } from '../dist/models/train/adamw.js'
import { createTrainer } from '../dist/models/train/trainer.js'
import { newWeights } from '../dist/models/weights/new-weights.js'

const { values: options } = parseArgs({
  options: {
    generations: { type: 'string', default: '500' },
    steps: { type: 'string', default: '200' },
    backends: { type: 'string' },
  },
})
const backends = options.backends?.split(',') ?? (await liveBackends()).filter((name) => name !== 'cpu')
// What the engine holds after the first few rounds is what it may hold after the last.
const WARM = 10
const PAD = 19
const uniform = uniformStream('memory')
let failed = false

for (const backend of backends)
  for (const family of ['qwen2_5_vl', 'qwen3_vl']) {
    await openBackend(backend)
    await held(`${backend} ${family} generations`, Number(options.generations), () => newModel(family), talk)
    await held(`${backend} ${family} training steps`, Number(options.steps), trainerOf(family), learn)
  }
process.exitCode = failed ? 1 : 0

async function held(name, rounds, open, work) {
  const subject = open()
  let warm = null
  let most = 0
  for (let round = 0; round < rounds; round++) {
    await work(subject)
    const { numTensors, numDataBuffers, numBytes } = memory()
    if (round === WARM) warm = { numTensors, numDataBuffers, numBytes }
    if (round >= WARM) most = Math.max(most, numTensors)
  }
  const { numTensors, numDataBuffers, numBytes } = memory()
  const isFlat =
    numTensors === warm.numTensors &&
    numDataBuffers === warm.numDataBuffers &&
    numBytes === warm.numBytes &&
    most === numTensors
  failed ||= !isFlat
  const rss = Math.round(process.memoryUsage().rss / 2 ** 20)
  console.log(
    `${isFlat ? 'ok' : 'FAIL'} ${name}: ${rounds}; ${warm.numTensors} tensors of ${warm.numBytes} bytes after ${WARM}, ${numTensors} of ${numBytes} at the end (process: ${rss} MiB)`,
  )
  if (subject.dispose === undefined) subject.weights.dispose()
  else subject.dispose()
}

/** Two conversations, one with an image, that are continued and gone on with. */
async function talk(model) {
  const conversations = [0, 1].map(() => createConversation(model))
  const picture = imageOf({ height: 2 * (1 + Math.floor(uniform() * 3)), width: 4 })
  conversations[0].add({
    ids: idsOf({ count: 5, images: [picture] }),
    images: [picture],
  })
  conversations[1].add({ ids: idsOf({ count: 3 }) })
  for (let turn = 0; turn < 2; turn++) {
    await generate({
      model,
      requests: conversations.map((conversation) => ({
        conversation,
        sampling: { temperature: 1, topP: 1, topK: 0 },
        random: uniform,
        maxTokens: 3,
        stopIds: new Set(),
      })),
    })
    for (const conversation of conversations) conversation.add({ ids: idsOf({ count: 2 }) })
  }
  for (const conversation of conversations) conversation.dispose()
}

function trainerOf(family) {
  return () => createTrainer({ ...newModel(family), optimizer: { ...ADAMW_DEFAULTS, weightDecay: 0.01 } })
}

async function learn(trainer) {
  const segments = [0, 1].map(() => {
    const picture = imageOf({ height: 2, width: 4 })
    const ids = Int32Array.from(idsOf({ count: 3 + Math.floor(uniform() * 6), images: [picture] }))
    return { ids, images: [picture], mask: Uint8Array.from(ids, (_, at) => (at > ids.length - 3 ? 1 : 0)) }
  })
  await trainer.backward({ segments, gradient: (all) => all.map((own) => own.map(() => -0.1)) })
  await trainer.update({ learningRate: 1e-3, maxNorm: 1 })
}

function newModel(family) {
  const isThird = family === 'qwen3_vl'
  const config = parseModelConfig({
    where: 'config.json',
    value: {
      model_type: family,
      image_token_id: PAD,
      tie_word_embeddings: isThird,
      vision_config: {
        depth: 2,
        hidden_size: 16,
        intermediate_size: 24,
        num_heads: 2,
        out_hidden_size: 24,
        patch_size: 4,
        ...(isThird
          ? { num_position_embeddings: 9, deepstack_visual_indexes: [0] }
          : { window_size: 16, fullatt_block_indexes: [1] }),
      },
      text_config: {
        hidden_size: 24,
        intermediate_size: 40,
        num_hidden_layers: 2,
        num_attention_heads: 4,
        num_key_value_heads: 2,
        ...(isThird && { head_dim: 8 }),
        vocab_size: PAD + 1,
        rope_parameters: {
          mrope_section: isThird ? [2, 1, 1] : [1, 1, 1],
          rope_theta: 10_000,
          rope_type: 'default',
        },
      },
    },
  })
  return { config, weights: newWeights({ config, initialization: { seed: 5 } }) }
}

/** Random patches of an image of `height` × `width` patches. */
function imageOf({ height, width }) {
  const patches = Float32Array.from({ length: height * width * 3 * 2 * 4 * 4 }, () => uniform() * 2 - 1)
  return { patches, grid: { height, width }, tokens: (height * width) / 4 }
}

/** Random text tokens around the pads of images. */
function idsOf({ count, images = [] }) {
  const words = () => Array.from({ length: count }, () => Math.floor(uniform() * PAD))
  return [
    ...words(),
    ...images.flatMap(({ tokens }) => [...Array.from({ length: tokens }, () => PAD), ...words()]),
  ]
}

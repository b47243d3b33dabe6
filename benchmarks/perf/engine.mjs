// How fast the engine reads, writes and learns, on every backend that works here but plain JavaScript: a new model of about 4 million parameters (4 layers of 256, 4 of 128 for images), one image of 224 × 224 pixels
// (64 visual tokens) among 512 tokens. Rounds of all backends alternate, and the best of each is told, since others may use the machine too.
//
//     npm run bench:engine -- [--rounds 5] [--backends node,wasm] [--json FILE]
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { mean, neg, tidy, valueAndGrads } from '@tensorflow/tfjs-core'
import { machine } from '../../dist/benchmark/machine.js'
import { uniformStream } from '../../dist/core/uniform-stream.js'
import { liveBackends, openBackend } from '../../dist/models/backend/open-backend.js'
import { parseModelConfig } from '../../dist/models/config/read-config.js'
import { createConversation } from '../../dist/models/generate/conversation.js'
import { generate } from '../../dist/models/generate/generate.js'
import { ropePositions } from '../../dist/models/positions/rope-positions.js'
import { runModel } from '../../dist/models/run-model.js'
import { tokenLogprobs } from '../../dist/models/token-logprobs.js'
import { newWeights } from '../../dist/models/weights/new-weights.js'
import { parameterShapes } from '../../dist/models/weights/parameter-shapes.js'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    backends: { type: 'string' },
    json: { type: 'string' },
  },
})
const TOKENS = 512
const SIDE = 16 // Patches of 14 pixels.
const WRITTEN = 32
const GREEDY = { temperature: 0, topP: 1, topK: 0 }

const config = parseModelConfig({
  where: 'config.json',
  value: {
    model_type: 'qwen2_5_vl',
    image_token_id: 1023,
    vision_start_token_id: 1022,
    tie_word_embeddings: true,
    vision_config: {
      depth: 4,
      hidden_size: 128,
      intermediate_size: 384,
      num_heads: 4,
      out_hidden_size: 256,
      patch_size: 14,
      window_size: 112,
      fullatt_block_indexes: [3],
    },
    text_config: {
      hidden_size: 256,
      intermediate_size: 704,
      num_hidden_layers: 4,
      num_attention_heads: 8,
      num_key_value_heads: 2,
      vocab_size: 1024,
      rope_parameters: { mrope_section: [4, 6, 6], rope_theta: 10_000, rope_type: 'default' },
    },
  },
})
const parameters = [...parameterShapes(config).values()].reduce(
  (sum, shape) => sum + shape.reduce((product, side) => product * side, 1),
  0,
)
const uniform = uniformStream('engine')
const image = {
  patches: Float32Array.from({ length: SIDE * SIDE * 3 * 2 * 14 * 14 }, () => uniform() * 2 - 1),
  grid: { height: SIDE, width: SIDE },
  tokens: (SIDE * SIDE) / 4,
}
const ids = [
  ...Array.from({ length: TOKENS - image.tokens }, () => Math.floor(uniform() * 1000)),
  ...Array.from({ length: image.tokens }, () => config.tokens.imagePad),
]

// Plain JavaScript is for tests: a round of it takes a minute.
const names = options.backends?.split(',') ?? (await liveBackends()).filter((name) => name !== 'cpu')
const best = new Map(names.map((name) => [name, { prefill: 0, decode: 0, 'decode of 8': 0, training: 0 }]))
for (let round = 0; round <= Number(options.rounds); round++)
  for (const name of names) {
    await openBackend(name)
    const weights = newWeights({ config, initialization: { seed: 1 } })
    const model = { config, weights }
    const speeds = {
      prefill: await prefill(model),
      decode: await decode(model, 1),
      'decode of 8': await decode(model, 8),
      training: await train(model),
    }
    // The first round warms up.
    if (round > 0)
      for (const [what, speed] of Object.entries(speeds))
        best.get(name)[what] = Math.max(best.get(name)[what], speed)
    weights.dispose()
  }

console.log(`${(parameters / 1e6).toFixed(1)} million parameters; tokens a second, best of ${options.rounds}`)
console.table(
  Object.fromEntries(
    [...best].map(([name, speeds]) => [
      name,
      Object.fromEntries(Object.entries(speeds).map(([what, speed]) => [what, Math.round(speed)])),
    ]),
  ),
)
if (options.json !== undefined)
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine: machine(), parameters, tokensPerSecond: Object.fromEntries(best) }, null, 2)}\n`,
  )

/** Tokens of the prompt a second, the image's included. */
async function prefill(model) {
  const conversation = createConversation(model)
  conversation.add({ ids, images: [image] })
  const seconds = await timed(() => continued(model, [conversation], 1))
  conversation.dispose()
  return ids.length / seconds
}

/** Tokens written a second, after the prompt, in so many conversations at once. */
async function decode(model, count) {
  const conversations = Array.from({ length: count }, () => createConversation(model))
  for (const conversation of conversations) conversation.add({ ids, images: [image] })
  for (const conversation of conversations) await continued(model, [conversation], 1)
  const seconds = await timed(() => continued(model, conversations, WRITTEN))
  for (const conversation of conversations) conversation.dispose()
  return (count * WRITTEN) / seconds
}

/** Tokens a second forwards and backwards, with gradients of all parameters. */
async function train({ config, weights }) {
  const parameterNames = [...parameterShapes(config).keys()]
  const grids = [{ height: SIDE / 2, width: SIDE / 2 }]
  const sequence = {
    ids,
    images: [image],
    past: 0,
    positions: ropePositions({ ids, imagePad: config.tokens.imagePad, grids }),
  }
  const rows = Int32Array.from({ length: 64 }, (_, at) => at)
  const lossOf = (...values) => {
    const given = new Map(parameterNames.map((name, at) => [name, values[at]]))
    const under = { get: (name) => given.get(name), find: (name) => given.get(name) ?? null }
    const hidden = runModel({ sequences: [sequence], config, weights: under })
    return neg(
      mean(
        tokenLogprobs({ hidden, rows, targets: rows.map((row) => ids[row + 1]), config, weights: under }),
      ),
    )
  }
  const seconds = await timed(async () => {
    const { value, grads } = tidy(() =>
      valueAndGrads(lossOf)(parameterNames.map((name) => weights.get(name))),
    )
    await Promise.all([value.data(), ...grads.map((grad) => grad.data())])
    for (const tensor of [value, ...grads]) tensor.dispose()
  })
  return ids.length / seconds
}

function continued(model, conversations, maxTokens) {
  return generate({
    model,
    requests: conversations.map((conversation) => ({
      conversation,
      sampling: GREEDY,
      random: () => 0,
      maxTokens,
      stopIds: new Set(),
    })),
  })
}

async function timed(work) {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

import { openBackend } from '../../dist/models/backend/open-backend.js'
import { openCheckpoint } from '../../dist/models/checkpoint/open-checkpoint.js'
import { readModelConfig } from '../../dist/models/config/read-config.js'
import { createConversation } from '../../dist/models/generate/conversation.js'
import { generate } from '../../dist/models/generate/generate.js'
import { helperCount } from '../../dist/models/train/parallel/helper-count.js'
import { createParallelTrainer } from '../../dist/models/train/parallel/parallel-trainer.js'
import { createTrainer } from '../../dist/models/train/trainer.js'
import { TRAINS_ALL } from '../../dist/models/train/trains.js'
import { ADAMW_DEFAULTS } from '../../dist/models/train/adamw.js'
import { loadWeights } from '../../dist/models/weights/load-weights.js'

const GREEDY = { temperature: 0, topP: 1, topK: 0 }

/** The work of engine-work.mjs done by this engine on a backend; a round gives seconds. Training is shared out to `workers` threads beside this one, default as many as a policy would take. */
export function openOwnEngine({ backend, folder, work, workers }) {
  const image = { patches: work.pixels, grid: { height: work.grid[0], width: work.grid[1] } }
  return {
    async round() {
      await openBackend(backend)
      const config = await readModelConfig(folder)
      const checkpoint = await openCheckpoint(folder)
      const model = { config, weights: await loadWeights({ checkpoint, config }) }
      const alone = createTrainer({
        ...model,
        optimizer: { ...ADAMW_DEFAULTS, weightDecay: 0.01 },
      })
      const helpers = helperCount({ backend, config, trains: TRAINS_ALL, workers })
      const trainer = await createParallelTrainer({ trainer: alone, config, helpers })
      await checkpoint.close()
      const seconds = {}
      const reader = { config, weights: trainer.weights }
      // What new weights cost once (packing them for the decoder) is no part of a prompt.
      await prefill({ model: reader, work, image })
      seconds.prefill = await prefill({ model: reader, work, image })
      for (const count of work.counts)
        seconds[`decode ${count}`] = await decode({ model: reader, work, image, count })
      await train({ trainer, work, image })
      seconds.train = await train({ trainer, work, image })
      trainer.dispose()
      return seconds
    },
    close: () => Promise.resolve(),
  }
}

export async function prefill({ model, work, image }) {
  const conversation = createConversation(model)
  conversation.add({ ids: work.prompt, images: [image] })
  const seconds = await timed(() => continued(model, [conversation], 1))
  conversation.dispose()
  return seconds
}

export async function decode({ model, work, image, count }) {
  const conversations = Array.from({ length: count }, () => createConversation(model))
  // Each begins otherwise: what begins alike is computed once, and its keys and values are read from a nearer cache.
  for (const [at, conversation] of conversations.entries())
    conversation.add({ ids: [at, ...work.question.slice(1)], images: [{ ...image }] })
  await continued(model, conversations, 1)
  const seconds = await timed(() => continued(model, conversations, work.written))
  for (const conversation of conversations) conversation.dispose()
  return seconds
}

export function train({ trainer, work, image }) {
  const ids = Int32Array.from(work.lesson)
  const mask = Uint8Array.from(ids, (_, at) => (at >= ids.length - work.learned ? 1 : 0))
  const segments = Array.from({ length: work.batch }, () => ({ ids, mask, images: [{ ...image }] }))
  const slope = -1 / (work.batch * work.learned)
  return timed(async () => {
    await trainer.backward({ segments, gradient: (all) => all.map((own) => own.map(() => slope)) })
    await trainer.update({ learningRate: 1e-6, maxNorm: 1 })
  })
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

import { mean, neg, square, sum, tidy, valueAndGrads, type Tensor } from '@tensorflow/tfjs-core'
import { chooseToken } from '../../models/generate/choose-token.js'
import { createConversation } from '../../models/generate/conversation.js'
import { generate } from '../../models/generate/generate.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import { ropePositions } from '../../models/positions/rope-positions.js'
import type { ProcessedImage } from '../../models/processor/process-image.js'
import { logitsOf, runModel } from '../../models/run-model.js'
import { tokenLogprobs } from '../../models/token-logprobs.js'
import type { ModelWeights } from '../../models/weights/model-weights.js'
import type { ModelCase } from './model-cases.js'

export interface ComputedCase {
  readonly logitsLast: Float32Array
  /** Of each token but the first, given those before it. */
  readonly logprobs: Float32Array
  readonly greedy: readonly number[]
  readonly loss: number
  readonly gradientNorms: ReadonlyMap<string, number>
}

const GREEDY = { temperature: 0, topP: 1, topK: 0 }

/** Run the model over a case in every way that is known of it: at once, token by token, and backwards. */
export async function computeCase({
  model,
  ids,
  images,
  known,
}: {
  model: VisionLanguageModel
  ids: Int32Array
  images: readonly ProcessedImage[]
  known: ModelCase
}): Promise<ComputedCase> {
  const logits = tidy(() => {
    const hidden = runModel({ sequences: [sequenceOf({ model, ids, images })], ...model })
    return logitsOf({ hidden, ...model })
  })
  const scores = (await logits.data()) as Float32Array
  logits.dispose()
  const { vocabularySize } = model.config.text
  const rowOf = (at: number): Float32Array => scores.slice(at * vocabularySize, (at + 1) * vocabularySize)
  return {
    logitsLast: rowOf(ids.length - 1),
    logprobs: Float32Array.from({ length: ids.length - 1 }, (_, at) =>
      logprobOf({ logits: rowOf(at), id: ids[at + 1] ?? 0 }),
    ),
    greedy: await greedyTokens({ model, ids, images, count: known.greedy.length }),
    ...(await trained({ model, ids, images, known })),
  }
}

async function greedyTokens({
  model,
  ids,
  images,
  count,
}: {
  model: VisionLanguageModel
  ids: Int32Array
  images: readonly ProcessedImage[]
  count: number
}): Promise<number[]> {
  const conversation = createConversation(model)
  conversation.add({ ids, images })
  try {
    const [generation] = await generate({
      model,
      requests: [{ conversation, sampling: GREEDY, random: () => 0, maxTokens: count, stopIds: new Set() }],
    })
    return generation?.tokens.map(({ id }) => id) ?? []
  } finally {
    conversation.dispose()
  }
}

async function trained({
  model,
  ids,
  images,
  known: { train },
}: {
  model: VisionLanguageModel
  ids: Int32Array
  images: readonly ProcessedImage[]
  known: ModelCase
}): Promise<Pick<ComputedCase, 'loss' | 'gradientNorms'>> {
  const { config, weights } = model
  const all = Int32Array.from([...ids, ...train.target_ids])
  const targets = Int32Array.from(train.target_ids)
  const rows = targets.map((_, at) => ids.length - 1 + at)
  const names = Object.keys(train.grad_norms)
  const sequence = sequenceOf({ model, ids: all, images })
  const lossOf = (...values: Tensor[]): Tensor => {
    const given = new Map(names.map((name, at) => [name, values[at]]))
    const under: ModelWeights = {
      get: (name) => given.get(name) ?? weights.get(name),
      find: (name) => given.get(name) ?? weights.find(name),
      adapterScale: weights.adapterScale,
    }
    const hidden = runModel({ sequences: [sequence], config, weights: under })
    return neg(mean(tokenLogprobs({ hidden, rows, targets, config, weights: under })))
  }
  const { value, grads } = valueAndGrads(lossOf)(names.map((name) => weights.get(name)))
  const gradientNorms = new Map<string, number>()
  for (const [at, name] of names.entries()) {
    const squares = tidy(() => sum(square(grads[at] ?? value)))
    gradientNorms.set(name, Math.sqrt((await squares.data())[0] ?? NaN))
    squares.dispose()
    grads[at]?.dispose()
  }
  const loss = (await value.data())[0] ?? NaN
  value.dispose()
  return { loss, gradientNorms }
}

function sequenceOf({
  model: { config },
  ids,
  images,
}: {
  model: VisionLanguageModel
  ids: Int32Array
  images: readonly ProcessedImage[]
}) {
  const { mergeSize } = config.vision
  const grids = images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
  return { ids, images, past: 0, positions: ropePositions({ ids, imagePad: config.tokens.imagePad, grids }) }
}

function logprobOf({ logits, id }: { logits: Float32Array; id: number }): number {
  const { id: best, logprob } = chooseToken({ logits, sampling: GREEDY, random: () => 0 })
  return (logits[id] ?? NaN) - (logits[best] ?? NaN) + logprob
}

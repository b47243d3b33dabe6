import type { ModelConfig } from '../../config/model-config.js'
import { checkSlopes } from '../loss-gradient.js'
import type { Trainer, TrainerBatch } from '../trainer.js'
import { learnedTokens } from '../training-segment.js'
import { shares } from './shares.js'
import { shareWeights } from './shared-weights.js'
import { openTrainingHelper, type TrainingHelper } from './training-helper.js'

/** Fewer tokens in a batch are computed by the trainer alone: handing them over costs about as much as it spares (a model of 1.2 million parameters gains from some 64 on). */
const LEAST_TOKENS = 128

/**
 * A trainer that shares the segments of a batch out among itself and so many helper threads, each with a WebAssembly backend of its own and a copy of the weights. Gradients are those of the
 * trainer alone but for the order of additions, and the same each time. It takes the trainer over, and is disposed of in its place; without helpers it is the trainer itself.
 * @throws ModelError when a helper does not start. `logprobs` and `backward` throw one when a helper fails; `backward` lets go of what had added up then.
 */
export async function createParallelTrainer({
  trainer,
  config,
  helpers: count,
  leastTokens = LEAST_TOKENS,
}: {
  trainer: Trainer
  config: ModelConfig
  helpers: number
  leastTokens?: number
}): Promise<Trainer> {
  if (count === 0) return trainer
  const weights = shareWeights(trainer)
  const started = await Promise.allSettled(
    Array.from({ length: count }, () => openTrainingHelper({ config, weights })),
  )
  const helpers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const close = (): void => helpers.forEach((helper) => helper.close())
  for (const one of started)
    if (one.status === 'rejected') {
      close()
      trainer.dispose()
      throw one.reason
    }

  /** What each thread computes, the trainer's own share first; null: it computes all. */
  const sharesOf = ({ segments }: TrainerBatch): { own: number[]; theirs: Share[] } | null => {
    // Refuses what cannot be computed as the trainer would.
    learnedTokens(segments)
    const lengths = segments.map(({ ids }) => ids.length)
    const tokens = lengths.reduce((sum, length) => sum + length, 0)
    if (segments.length < 2 || tokens < leastTokens) return null
    const [own = [], ...rest] = shares({ lengths, count: count + 1 })
    const theirs = helpers.map((helper, at) => ({ helper, places: rest[at] ?? [] }))
    return { own, theirs: theirs.filter(({ places }) => places.length > 0) }
  }
  const begin = ({
    batch: { segments, temperature = 1 },
    theirs,
    wantsGradients,
  }: {
    batch: TrainerBatch
    theirs: readonly Share[]
    wantsGradients: boolean
  }): void => {
    weights.refresh()
    for (const { helper, places } of theirs)
      helper.begin({ segments: chosen(segments, places), temperature, wantsGradients })
  }
  const withdraw = (theirs: readonly Share[]): void => theirs.forEach(({ helper }) => helper.withdraw())

  return {
    ...trainer,
    async logprobs(batch) {
      const parts = sharesOf(batch)
      if (parts === null) return trainer.logprobs(batch)
      const { own, theirs } = parts
      try {
        begin({ batch, theirs, wantsGradients: false })
        // Computed before it is awaited; helpers are idle again when other work may begin.
        const mine = trainer.logprobs({ ...batch, segments: chosen(batch.segments, own) })
        mine.catch(() => undefined)
        const others = theirs.map(({ helper, places }) => ({ places, values: helper.logprobs() }))
        return placed([{ places: own, values: await mine }, ...others])
      } catch (error) {
        withdraw(theirs)
        throw error
      }
    },
    backward({ gradient, ...batch }) {
      const parts = sharesOf(batch)
      if (parts === null) return trainer.backward({ gradient, ...batch })
      const { own, theirs } = parts
      let logprobs: Float32Array[] = []
      let isGathered = false
      try {
        begin({ batch, theirs, wantsGradients: true })
        trainer.backward({
          ...batch,
          segments: chosen(batch.segments, own),
          gradient(values) {
            const others = theirs.map(({ helper, places }) => ({ places, values: helper.logprobs() }))
            logprobs = placed([{ places: own, values }, ...others])
            const slopes = gradient(logprobs)
            checkSlopes({ slopes, logprobs })
            for (const { helper, places } of theirs) helper.answer(chosen(slopes, places))
            return chosen(slopes, own)
          },
        })
        isGathered = true
        for (const { helper } of theirs)
          for (const [name, added] of helper.gradients()) trainer.gather({ name, gradient: added })
        return logprobs
      } catch (error) {
        withdraw(theirs)
        if (isGathered) trainer.discard()
        throw error
      }
    },
    async update(given) {
      try {
        return await trainer.update(given)
      } finally {
        weights.changed()
      }
    },
    assign(parameter) {
      weights.changed()
      trainer.assign(parameter)
    },
    dispose() {
      close()
      trainer.dispose()
    },
  }
}

interface Share {
  readonly helper: TrainingHelper
  readonly places: readonly number[]
}

function chosen<Item>(items: readonly Item[], places: readonly number[]): Item[] {
  return places.flatMap((place) => items[place] ?? [])
}

/** All values in the order of their places. */
function placed(
  parts: readonly { places: readonly number[]; values: readonly Float32Array[] }[],
): Float32Array[] {
  const all: Float32Array[] = []
  for (const { places, values } of parts)
    places.forEach((place, at) => (all[place] = values[at] ?? new Float32Array()))
  return all
}

import { z } from 'zod'
import { uniformStream } from '../../core/uniform-stream.js'
import type { Sampling } from '../../models/generate/choose-token.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import { imageArrays } from './sequence-arrays.js'
import type { TorchWorker } from './torch-worker.js'
import type { TurnSampler } from './turn-sampler.js'

const ended = z.object({ finish: z.enum(['stop', 'length']) })

/** Turns are written in the engine's process. Random numbers are drawn here, by the seed alone; beside which others a conversation is continued decides nothing but the last bits of sums. */
export function createTorchSampler({
  worker,
  processor,
  sampling,
  stopIds,
}: {
  worker: TorchWorker
  processor: ProcessorConfig
  sampling: Sampling
  stopIds: ReadonlySet<number>
}): TurnSampler {
  return {
    isElsewhere: false,
    version: 0,
    losses: 0,
    async sample({ conversation, seed, maxTokens, maxCharacters, signal }) {
      const prompt = conversation.take()
      if (prompt === null) throw new RangeError('expected tokens that wait to be computed, got none')
      const ids = Int32Array.from(prompt.ids)
      const positions = Int32Array.from(prompt.positions.axes.flatMap((axis) => [...axis]))
      const random = uniformStream(seed)
      const numbers = Float64Array.from({ length: maxTokens }, () => random())
      const { result, arrays } = await worker.run({
        method: 'generate',
        arguments: {
          ...sampling,
          maxTokens,
          stopIds: [...stopIds],
          maxCharacters: Math.min(maxCharacters, Number.MAX_SAFE_INTEGER),
          nextPosition: positions.reduce((most, place) => Math.max(most, place), -1) + 1,
        },
        arrays: {
          ids: { values: ids, shape: [ids.length] },
          positions: { values: positions, shape: [3, ids.length] },
          numbers: { values: numbers, shape: [maxTokens] },
          ...imageArrays({ images: prompt.images, processor }),
        },
        signal,
      })
      const [sampled, logprobs] = [arrays['ids'] ?? [], arrays['logprobs'] ?? []]
      return {
        tokens: Array.from(sampled, (id, at) => ({ id, logprob: logprobs[at] ?? NaN })),
        finish: ended.parse(result).finish,
      }
    },
    // They are the engine's own.
    weightsChanged: () => undefined,
    close: () => Promise.resolve(),
  }
}

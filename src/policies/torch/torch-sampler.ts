import { z } from 'zod'
import { uniformStream } from '../../core/uniform-stream.js'
import type { Conversation } from '../../models/generate/conversation.js'
import type { Sampling } from '../../models/generate/choose-token.js'
import type { Generation } from '../../models/generate/generate.js'
import type { ProcessedImage } from '../../models/processor/process-image.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import { imageArrays } from './sequence-arrays.js'
import type { TorchWorker } from './torch-worker.js'

const ended = z.object({ finish: z.enum(['stop', 'length']) })

/**
 * Continue a conversation whose tokens all wait. Its random numbers are drawn here, by its seed alone; beside which others it is continued decides nothing but the last bits of sums.
 * @throws the reason of the signal, EngineError.
 */
export async function sampleTurn({
  worker,
  conversation,
  processor,
  sampling,
  stopIds,
  seed,
  maxTokens,
  maxCharacters,
  signal,
}: {
  worker: TorchWorker
  conversation: Conversation<ProcessedImage>
  processor: ProcessorConfig
  sampling: Sampling
  stopIds: ReadonlySet<number>
  seed: string
  maxTokens: number
  maxCharacters: number
  signal: AbortSignal
}): Promise<Generation> {
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
}

import PQueue from 'p-queue'
import type {
  FrozenPolicy,
  LogprobsRequest,
  SampledLogprobs,
  StepRequest,
  StepResult,
  TrainingRollout,
} from '../../core/trainable-policy.js'
import { UsageError } from '../../core/errors.js'
import type { ModelConfig } from '../../models/config/model-config.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import { createProcessedImages } from '../tokens/processed-images.js'
import { toTrainingSegment } from '../tokens/to-training-segment.js'
import { backPropagate } from './back-propagate.js'
import { dealt } from './dealt.js'
import { packParts } from './pack-parts.js'
import { prepareAhead } from './prepare-ahead.js'
import { sequenceArrays } from './sequence-arrays.js'
import type { SentArrays, TorchWorker } from './torch-worker.js'
import { updated } from './worker-results.js'

/** Seconds that the engine and this process have spent on steps. */
export interface StepTimings {
  engine: number
  total: number
}

export interface TorchTrainer {
  readonly timings: Readonly<StepTimings>
  logprobs(request: LogprobsRequest): Promise<SampledLogprobs>
  /** Steps that are asked for at the same time follow each other: of two whose gradients added up, neither would be the step that was asked for. */
  step(request: StepRequest): Promise<StepResult>
  reference(): Promise<FrozenPolicy>
  /** Do what no step may be taken beside, in turn with the steps. */
  betweenSteps<Value>(work: () => Promise<Value>): Promise<Value>
}

/** Parts that are cut and sent while the one before is computed. */
const AHEAD = 1
/** Of pictures that stay decoded within one call, as bytes: the rollouts of a group show the same ones. */
const IMAGE_BYTES = 2 ** 28

/** Some of a call's rollouts, which are computed at once. */
interface SentPart {
  readonly places: readonly number[]
  /** Learned tokens of each. */
  readonly counts: readonly number[]
  readonly sent: SentArrays
}

/** Log-probabilities and steps of the model that a worker holds. A step is computed in parts of at most `batchTokens` padded tokens; it asks the worker twice for each, and once for the update. The next part crosses while one is computed. */
export function createTorchTrainer({
  worker,
  config,
  processor,
  batchTokens,
  isTrained,
}: {
  worker: TorchWorker
  config: ModelConfig
  processor: ProcessorConfig
  batchTokens: number
  isTrained: boolean
}): TorchTrainer {
  const timings = { engine: 0, total: 0 }
  const turns = new PQueue({ concurrency: 1 })
  let snapshots = 0
  const partsOf = (rollouts: readonly TrainingRollout[]): number[][] =>
    packParts({ lengths: rollouts.map(lengthOf), most: batchTokens })
  /** What each part is computed from. */
  const sentParts = ({
    rollouts,
    signal,
  }: {
    rollouts: readonly TrainingRollout[]
    signal: AbortSignal | undefined
  }): AsyncGenerator<SentPart> => {
    const process = createProcessedImages({
      config: processor,
      bytes: IMAGE_BYTES,
      bytesOf: ({ pixels }) => pixels.byteLength,
    })
    return prepareAhead({
      items: partsOf(rollouts),
      ahead: AHEAD,
      async prepare(places) {
        signal?.throwIfAborted()
        const own = places.flatMap((place) => rollouts[place] ?? [])
        const segments = await Promise.all(
          own.map((rollout) => toTrainingSegment({ rollout, config: processor, process })),
        )
        const counts = segments.map(({ mask }) => mask.reduce((sum, one) => sum + one, 0))
        return { places, counts, sent: await worker.send(sequenceArrays({ segments, config, processor })) }
      },
      release: ({ sent }) => worker.drop(sent),
    })
  }

  async function logprobs(
    { rollouts, temperature = 1, signal }: LogprobsRequest,
    snapshot: string | null,
  ): Promise<SampledLogprobs> {
    const all: Float64Array[] = []
    for await (const { counts, sent } of sentParts({ rollouts, signal })) {
      const answer = await worker.run({
        method: 'logprobs',
        arguments: { temperature, snapshot },
        sent,
        signal,
      })
      all.push(...dealt({ values: answer.arrays['logprobs'], counts }))
    }
    return all
  }

  async function part({
    request: { temperature, gradient, signal },
    part: { places, counts, sent },
  }: {
    request: StepRequest
    part: SentPart
  }): Promise<void> {
    const { seconds } = await backPropagate({
      ...{ worker, sent, counts, signal },
      ...(temperature !== undefined && { temperature }),
      gradient: (logprobs) => gradient({ rollouts: places, logprobs }),
    })
    timings.engine += seconds
  }

  async function step(request: StepRequest): Promise<StepResult> {
    request.signal?.throwIfAborted()
    const began = performance.now()
    try {
      const { rollouts, signal } = request
      for await (const sent of sentParts({ rollouts, signal })) await part({ request, part: sent })
      request.signal?.throwIfAborted()
    } catch (error) {
      // Half a step must not be among the next. Where the engine is gone there is nothing left of it.
      await worker.run({ method: 'discard' }).catch(() => undefined)
      throw error
    }
    const { learningRate, maxGradientNorm: maxNorm = null } = request
    const { result } = await worker.run({ method: 'update', arguments: { learningRate, maxNorm } })
    const { gradientNorm, seconds } = updated.parse(result)
    timings.engine += seconds
    timings.total += (performance.now() - began) / 1000
    return { gradientNorm }
  }

  return {
    timings,
    logprobs: (request) => logprobs(request, null),
    async step(request) {
      if (!isTrained)
        throw new UsageError(
          'The policy was opened to be sampled from: expected policy.train full or lora, got none',
        )
      return turns.add(() => step(request))
    },
    betweenSteps: (work) => turns.add(work),
    async reference() {
      const name = `snapshot ${++snapshots}`
      await worker.run({ method: 'snapshot', arguments: { name } })
      return {
        logprobs: (request) => logprobs(request, name),
        dispose: async () => {
          await worker.run({ method: 'release', arguments: { name } })
        },
      }
    },
  }
}

function lengthOf({ ledger }: TrainingRollout): number {
  return ledger.segments.reduce((sum, { ids }) => sum + ids.length, 0)
}

import {
  add,
  dispose,
  keep,
  mul,
  square,
  sum,
  tensor1d,
  tidy,
  variableGrads,
  type Scalar,
  type Tensor,
  type Tensor1D,
  variable,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../config/model-config.js'
import { ropePositions } from '../positions/rope-positions.js'
import { runModel, type SequenceInput } from '../run-model.js'
import { tokenLogprobs } from '../token-logprobs.js'
import type { LoadedWeights } from '../weights/load-weights.js'
import type { ModelWeights } from '../weights/model-weights.js'
import { createAdamW, type AdamW, type AdamWSettings } from './adamw.js'
import { learnedTokens, type TrainingSegment } from './training-segment.js'

/** Gradient of the loss by the log-probability of each learned token, for the log-probabilities of each segment. The loss itself stays outside the engine. */
export type LossGradient = (logprobs: readonly Float32Array[]) => readonly Float32Array[]

/** Changes the parameters of a model. */
export interface Trainer {
  /** The parameters as they are now. */
  readonly weights: ModelWeights
  readonly optimizer: AdamW
  /** Log-probabilities of the learned tokens, segment by segment; nothing is changed. */
  logprobs(segments: readonly TrainingSegment[]): Promise<Float32Array[]>
  /** Back-propagate the loss of some segments; gradients add up until the next update. */
  backward(given: { segments: readonly TrainingSegment[]; gradient: LossGradient }): Float32Array[]
  /** Apply what added up: clipped to a norm over all parameters, then AdamW. Gives the norm before it was clipped. */
  update(given: { learningRate: number; maxNorm?: number }): Promise<{ gradientNorm: number }>
  dispose(): void
}

/**
 * Train the parameters of `weights` that `isTrained` names; the others are frozen, and what lies before the first trained one is not differentiated.
 * The trainer takes the weights over.
 */
export function createTrainer({
  config,
  weights,
  isTrained = () => true,
  optimizer: settings,
}: {
  config: ModelConfig
  weights: LoadedWeights
  isTrained?: (name: string) => boolean
  optimizer: AdamWSettings
}): Trainer {
  const trained = new Map<string, Variable>()
  for (const name of weights.names) if (isTrained(name)) trained.set(name, variable(weights.get(name)))
  if (trained.size === 0) throw new RangeError('expected parameters to train, got none')
  const current: ModelWeights = {
    get: (name) => trained.get(name) ?? weights.get(name),
    find: (name) => trained.get(name) ?? weights.find(name),
  }
  const optimizer = createAdamW(settings)
  const gathered = new Map<string, Tensor>()
  const forget = (): void => {
    dispose([...gathered.values()])
    gathered.clear()
  }

  const run = (segments: readonly TrainingSegment[]): { values: Tensor1D; counts: number[] } => {
    const { rows, targets, counts } = learnedTokens(segments)
    const sequences = segments.map((segment) => sequenceOf({ segment, config }))
    const hidden = runModel({ sequences, config, weights: current })
    return { values: tokenLogprobs({ hidden, rows, targets, config, weights: current }), counts }
  }

  return {
    weights: current,
    optimizer,
    async logprobs(segments) {
      let counts: number[] = []
      const values = tidy(() => {
        const result = run(segments)
        counts = result.counts
        return result.values
      })
      const all = (await values.data()) as Float32Array
      values.dispose()
      return divided({ values: all, counts })
    },
    backward({ segments, gradient }) {
      let logprobs: Float32Array[] = []
      const { value, grads } = variableGrads(() => {
        const { values, counts } = run(segments)
        logprobs = divided({ values: values.dataSync(), counts })
        const slopes = gradient(logprobs)
        checkSlopes({ slopes, logprobs })
        // A sum whose gradient by each log-probability is the one that was given.
        return sum(mul(values, tensor1d(concatenated(slopes)))) as Scalar
      }, [...trained.values()])
      value.dispose()
      for (const [name, parameter] of trained) {
        const added = grads[parameter.name]
        if (added === undefined) continue
        const before = gathered.get(name)
        if (before === undefined) gathered.set(name, added)
        else {
          gathered.set(name, keep(tidy(() => add(before, added))))
          dispose([before, added])
        }
      }
      return logprobs
    },
    async update({ learningRate, maxNorm = Infinity }) {
      let squares = 0
      for (const gradient of gathered.values()) {
        const own = tidy(() => sum(square(gradient)))
        squares += (await own.data())[0] ?? 0
        own.dispose()
      }
      const gradientNorm = Math.sqrt(squares)
      // As torch.nn.utils.clip_grad_norm_ has it.
      const scale = Math.min(1, maxNorm / (gradientNorm + 1e-6))
      optimizer.begin()
      for (const [name, gradient] of gathered) {
        const parameter = trained.get(name)
        if (parameter === undefined) continue
        const next = tidy(() =>
          optimizer.next({
            name,
            value: parameter,
            gradient: scale < 1 ? mul(gradient, scale) : gradient,
            learningRate,
          }),
        )
        parameter.assign(next)
        next.dispose()
      }
      forget()
      return { gradientNorm }
    },
    dispose() {
      forget()
      optimizer.dispose()
      dispose([...trained.values()])
      weights.dispose()
    },
  }
}

function sequenceOf({
  segment: { ids, images },
  config,
}: {
  segment: TrainingSegment
  config: ModelConfig
}): SequenceInput {
  const { mergeSize } = config.vision
  const grids = images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
  return { ids, images, past: 0, positions: ropePositions({ ids, imagePad: config.tokens.imagePad, grids }) }
}

function divided({
  values,
  counts,
}: {
  values: ArrayLike<number>
  counts: readonly number[]
}): Float32Array[] {
  let start = 0
  return counts.map((count) => {
    const own = Float32Array.from({ length: count }, (_, at) => values[start + at] ?? NaN)
    start += count
    return own
  })
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]))
}

function checkSlopes({
  slopes,
  logprobs,
}: {
  slopes: readonly Float32Array[]
  logprobs: readonly Float32Array[]
}): void {
  const expected = logprobs.map(({ length }) => length)
  const got = slopes.map(({ length }) => length)
  if (expected.join() !== got.join())
    throw new RangeError(
      `expected a gradient for each learned token (${expected.join(', ')}), got ${got.join(', ')}`,
    )
  if (slopes.some((part) => part.some((slope) => !Number.isFinite(slope))))
    throw new RangeError('expected finite gradients of the loss, got one that is not')
}

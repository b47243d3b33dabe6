import {
  add,
  dispose,
  keep,
  mul,
  square,
  sum,
  tidy,
  type Tensor,
  variable,
  type Variable,
} from '@tensorflow/tfjs-core'
import { ModelError } from '../../core/errors.js'
import type { ModelConfig } from '../config/model-config.js'
import type { LoadedWeights } from '../weights/load-weights.js'
import { createAdamW, type AdamW, type AdamWSettings } from './adamw.js'
import type { LossGradient } from './loss-gradient.js'
import { segmentGradients } from './segment-gradients.js'
import { segmentLogprobs } from './segment-logprobs.js'
import type { TrainingSegment } from './training-segment.js'

/** Segments that are computed together, at a temperature that their scores are divided by first; default 1. */
export interface TrainerBatch {
  readonly segments: readonly TrainingSegment[]
  readonly temperature?: number
}

/** Changes the parameters of a model. */
export interface Trainer {
  /** The parameters as they are now. */
  readonly weights: LoadedWeights
  /** Those that are trained. */
  readonly trained: readonly string[]
  readonly optimizer: AdamW
  /** Log-probabilities of the learned tokens, segment by segment; nothing is changed. */
  logprobs(batch: TrainerBatch): Promise<Float32Array[]>
  /** Back-propagate the loss of some segments; gradients add up until the next update. */
  backward(batch: TrainerBatch & { gradient: LossGradient }): Float32Array[]
  /** Add a gradient that was computed elsewhere to what adds up; the tensor becomes the trainer's. */
  gather(given: { name: string; gradient: Tensor }): void
  /** Let go of what added up. */
  discard(): void
  /**
   * Apply what added up: clipped to a norm over all parameters, then AdamW. Gives the norm before it was clipped.
   * @throws ModelError when the gradient is not finite; it is let go of, and no parameter changes.
   */
  update(given: { learningRate: number; maxNorm?: number }): Promise<{ gradientNorm: number }>
  /** Give a trained parameter another value; the tensor becomes the trainer's. */
  assign(parameter: { name: string; value: Tensor }): void
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
  const names = weights.names.filter(isTrained)
  if (names.length === 0) {
    weights.dispose()
    throw new RangeError('expected parameters to train, got none')
  }
  const trained = new Map(names.map((name) => [name, asVariable(weights.take(name))]))
  const current: LoadedWeights = {
    adapterScale: weights.adapterScale,
    names: weights.names,
    get: (name) => trained.get(name) ?? weights.get(name),
    find: (name) => trained.get(name) ?? weights.find(name),
    take(name) {
      const own = trained.get(name)
      trained.delete(name)
      return own ?? weights.take(name)
    },
    dispose() {
      dispose([...trained.values()])
      weights.dispose()
    },
  }
  const optimizer = createAdamW(settings)
  const gathered = new Map<string, Tensor>()
  const forget = (): void => {
    dispose([...gathered.values()])
    gathered.clear()
  }
  const gather: Trainer['gather'] = ({ name, gradient }) => {
    if (!trained.has(name)) throw notTrained(name)
    const before = gathered.get(name)
    gathered.set(name, before === undefined ? gradient : keep(tidy(() => add(before, gradient))))
    if (before !== undefined) dispose([before, gradient])
  }

  return {
    weights: current,
    trained: names,
    optimizer,
    logprobs: (batch) => segmentLogprobs({ ...batch, config, weights: current }),
    backward(batch) {
      const { logprobs, gradients } = segmentGradients({ ...batch, config, weights: current, trained })
      for (const [name, gradient] of gradients) gather({ name, gradient })
      return logprobs
    },
    gather,
    discard: forget,
    async update({ learningRate, maxNorm = Infinity }) {
      if (gathered.size === 0) return { gradientNorm: 0 }
      let squares = 0
      for (const gradient of gathered.values()) {
        const own = tidy(() => sum(square(gradient)))
        squares += (await own.data())[0] ?? 0
        own.dispose()
      }
      const gradientNorm = Math.sqrt(squares)
      if (!Number.isFinite(gradientNorm)) {
        forget()
        throw new ModelError(
          `expected a finite gradient, got one whose norm is ${gradientNorm}; the weights were left as they are. Lower the learning rate, or look at what the last steps were trained on.`,
        )
      }
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
    assign({ name, value }) {
      const parameter = trained.get(name)
      if (parameter === undefined) throw notTrained(name)
      parameter.assign(value)
      value.dispose()
    },
    dispose() {
      forget()
      optimizer.dispose()
      current.dispose()
    },
  }
}

/** A variable has the tensor's numbers, and counts itself as a user of them. */
function asVariable(value: Tensor): Variable {
  const own = variable(value)
  value.dispose()
  return own
}

function notTrained(name: string): RangeError {
  return new RangeError(`expected a parameter that is trained, got ${name}, which is not`)
}

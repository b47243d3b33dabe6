import {
  add,
  dispose,
  div,
  keep,
  mul,
  sqrt,
  square,
  sub,
  tidy,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core'

export interface AdamWSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Share of a weight that is taken off at each update, times the learning rate; only of matrices. */
  readonly weightDecay: number
}

export const ADAMW_DEFAULTS: AdamWSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }

/** Of one parameter: running means of its gradient and of the square of it. */
export interface Moments {
  readonly first: Tensor
  readonly second: Tensor
  /** Updates that it has had; a parameter that no loss reached is left out of one, as torch does. */
  readonly steps: number
}

/** AdamW (Loshchilov and Hutter, arXiv 1711.05101) with bias correction, as `torch.optim.AdamW` computes it. */
export interface AdamW {
  /** Updates so far. */
  readonly steps: number
  /** Begin an update. */
  begin(): void
  /** The new value of a parameter; the caller disposes of the old one. */
  next(given: { name: string; value: Tensor; gradient: Tensor; learningRate: number }): Tensor
  /** Moments by parameter, for a checkpoint; they stay the optimizer's. */
  moments(): ReadonlyMap<string, Moments>
  /** Go on from a checkpoint; the optimizer takes the tensors over. */
  restore(saved: { steps: number; moments: ReadonlyMap<string, Moments> }): void
  dispose(): void
}

export function createAdamW(settings: AdamWSettings): AdamW {
  const { beta1, beta2, epsilon, weightDecay } = settings
  const held = new Map<string, Moments>()
  let steps = 0
  const disposeAll = (): void => {
    for (const { first, second } of held.values()) dispose([first, second])
    held.clear()
  }
  return {
    get steps() {
      return steps
    },
    begin() {
      steps++
    },
    next: ({ name, value, gradient, learningRate }) =>
      tidy(() => {
        const before = held.get(name) ?? { first: zerosLike(value), second: zerosLike(value), steps: 0 }
        const own = before.steps + 1
        const first = keep(add(mul(before.first, beta1), mul(gradient, 1 - beta1)))
        const second = keep(add(mul(before.second, beta2), mul(square(gradient), 1 - beta2)))
        if (held.has(name)) dispose([before.first, before.second])
        held.set(name, { first, second, steps: own })
        const scale = sqrt(div(second, 1 - beta2 ** own))
        const move = div(mul(first, learningRate / (1 - beta1 ** own)), add(scale, epsilon))
        const decayed = weightDecay > 0 && value.rank > 1 ? mul(value, 1 - learningRate * weightDecay) : value
        return sub(decayed, move)
      }),
    moments: () => held,
    restore({ steps: done, moments }) {
      disposeAll()
      steps = done
      for (const [name, { first, second, steps: own }] of moments)
        held.set(name, { first: keep(first), second: keep(second), steps: own })
    },
    dispose: disposeAll,
  }
}

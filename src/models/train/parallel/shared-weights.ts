import type { Trainer } from '../trainer.js'
import type { TrainedPlace } from './helper-task.js'

/** Weights of a trainer in shared memory. */
export interface SharedWeights {
  readonly adapterScale: number
  readonly trained: readonly TrainedPlace[]
  readonly frozen: readonly {
    readonly name: string
    readonly shape: number[]
    readonly values: Float32Array
  }[]
  /** Numbers of what is trained, one parameter behind the other. */
  readonly parameters: Float32Array
  /** How often they have changed. */
  readonly revision: number
  /** The trainer's parameters are others now. */
  changed(): void
  /** Copy what has changed. */
  refresh(): void
}

export function shareWeights({
  weights,
  trained: names,
}: Pick<Trainer, 'weights' | 'trained'>): SharedWeights {
  let start = 0
  const trained = names.map((name): TrainedPlace => {
    const { shape, size } = weights.get(name)
    const place = { name, shape: [...shape], start, size }
    start += size
    return place
  })
  const parameters = sharedNumbers(start)
  const isTrained = new Set(names)
  const frozen = weights.names
    .filter((name) => !isTrained.has(name))
    .map((name) => {
      const own = weights.get(name)
      const values = sharedNumbers(own.size)
      values.set(own.dataSync())
      return { name, shape: [...own.shape], values }
    })
  let revision = 0
  let isFresh = false
  const refresh = (): void => {
    if (isFresh) return
    for (const place of trained) parameters.set(weights.get(place.name).dataSync(), place.start)
    isFresh = true
  }
  refresh()
  return {
    adapterScale: weights.adapterScale,
    trained,
    frozen,
    parameters,
    get revision() {
      return revision
    },
    changed() {
      revision++
      isFresh = false
    },
    refresh,
  }
}

export function sharedNumbers(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(count * Float32Array.BYTES_PER_ELEMENT))
}

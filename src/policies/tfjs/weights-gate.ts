import PQueue from 'p-queue'

/** Lets what computes with a model's weights and what changes them exclude each other. */
export interface WeightsGate {
  /** How often the weights have changed. */
  readonly revision: number
  /** Run something while nothing else is run by the gate, in the order of the calls. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** The weights are others from now on; call it within `alone`. */
  changed(): void
}

export function createWeightsGate(): WeightsGate {
  const queue = new PQueue({ concurrency: 1 })
  let revision = 0
  return {
    get revision() {
      return revision
    },
    alone: (work) => queue.add(work),
    changed() {
      revision++
    },
  }
}

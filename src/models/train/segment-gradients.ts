import {
  dispose,
  engine,
  mul,
  sum,
  tensor1d,
  variableGrads,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core'
import { checkSlopes, type LossGradient } from './loss-gradient.js'
import { dividedBySegment, logprobTensor, type SegmentBatch } from './segment-logprobs.js'

/**
 * Log-probabilities of the learned tokens, and the gradient of the loss by each trained parameter that it reaches; the tensors are the caller's.
 * @throws RangeError when the loss gives other than one finite slope for each learned token.
 */
export function segmentGradients({
  trained,
  gradient,
  ...batch
}: SegmentBatch & { trained: ReadonlyMap<string, Variable>; gradient: LossGradient }): {
  logprobs: Float32Array[]
  gradients: Map<string, Tensor>
} {
  let logprobs: Float32Array[] = []
  const forth = (): Scalar => {
    const { values, counts } = logprobTensor(batch)
    logprobs = dividedBySegment({ values: values.dataSync(), counts })
    const slopes = gradient(logprobs)
    checkSlopes({ slopes, logprobs })
    // A sum whose gradient by each log-probability is the one that was given.
    return sum(mul(values, tensor1d(concatenated(slopes))))
  }
  const { value, grads } = variableGrads(() => leavingNothing(forth), [...trained.values()])
  value.dispose()
  const gradients = new Map<string, Tensor>()
  for (const [name, parameter] of trained) {
    const own = grads[parameter.name]
    if (own !== undefined) gradients.set(name, own)
  }
  return { logprobs, gradients }
}

/** One part behind the other. */
export function concatenated(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]))
}

/** Where the way forth throws, TensorFlow.js would keep what it saved for the way back, for ever. */
function leavingNothing<Result>(forth: () => Result): Result {
  try {
    return forth()
  } catch (error) {
    for (const { saved } of engine().state.activeTape) dispose(saved ?? [])
    throw error
  }
}

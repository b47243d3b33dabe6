import {
  dispose,
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
  let failure: FailedSlopes | null = null as FailedSlopes | null
  const { value, grads } = variableGrads(() => {
    const { values, counts } = logprobTensor(batch)
    logprobs = dividedBySegment({ values: values.dataSync(), counts })
    const slopes = slopesOf({ gradient, logprobs })
    if (slopes.kind === 'failed') {
      // Thrown when the way back is through: until then, TensorFlow.js keeps what the way forth computed, and would for ever.
      failure = slopes
      return sum(mul(values, 0)) as Scalar
    }
    // A sum whose gradient by each log-probability is the one that was given.
    return sum(mul(values, tensor1d(concatenated(slopes.values)))) as Scalar
  }, [...trained.values()])
  value.dispose()
  if (failure !== null) {
    dispose(grads)
    throw failure.error
  }
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

interface FailedSlopes {
  readonly kind: 'failed'
  readonly error: unknown
}

/** The derivatives that the loss gives, or why there are none. */
function slopesOf({
  gradient,
  logprobs,
}: {
  gradient: LossGradient
  logprobs: readonly Float32Array[]
}): { readonly kind: 'given'; readonly values: readonly Float32Array[] } | FailedSlopes {
  try {
    const values = gradient(logprobs)
    checkSlopes({ slopes: values, logprobs })
    return { kind: 'given', values }
  } catch (error) {
    return { kind: 'failed', error }
  }
}

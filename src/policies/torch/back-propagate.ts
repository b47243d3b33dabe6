import { dealt } from './dealt.js'
import type { SentArrays, TorchWorker } from './torch-worker.js'
import { timed } from './worker-results.js'

/**
 * Have sequences that were sent computed together, ask for the derivative of a loss by each log-probability, and propagate that back; gradients add up in the engine until `update`.
 * @returns the log-probabilities of the learned tokens of each sequence, and the seconds in which the engine computed
 * @throws RangeError when there is not one finite derivative for each; what TorchWorker.run throws.
 */
export async function backPropagate({
  worker,
  sent,
  counts,
  temperature = 1,
  gradient,
  signal,
}: {
  worker: TorchWorker
  /** By `sequenceArrays`. */
  sent: SentArrays
  /** Learned tokens of each sequence. */
  counts: readonly number[]
  temperature?: number
  gradient: (logprobs: readonly Float64Array[]) => readonly ArrayLike<number>[]
  signal?: AbortSignal | undefined
}): Promise<{ logprobs: Float64Array[]; seconds: number }> {
  const forward = await worker.run({ method: 'forward', arguments: { temperature }, sent, signal })
  const logprobs = dealt({ values: forward.arrays['logprobs'], counts })
  const slopes = checkedSlopes({ slopes: gradient(logprobs), logprobs })
  const backward = await worker.run({
    method: 'backward',
    arrays: { slopes: { values: slopes, shape: [slopes.length] } },
  })
  return { logprobs, seconds: timed.parse(forward.result).seconds + timed.parse(backward.result).seconds }
}

function checkedSlopes({
  slopes,
  logprobs,
}: {
  slopes: readonly ArrayLike<number>[]
  logprobs: readonly Float64Array[]
}): Float64Array {
  const [expected, got] = [logprobs, slopes].map((parts) => parts.map(({ length }) => length).join(', '))
  if (expected !== got)
    throw new RangeError(`expected a gradient for each learned token (${expected}), got ${got}`)
  const all = Float64Array.from(slopes.flatMap((part) => Array.from(part)))
  if (!all.every(Number.isFinite))
    throw new RangeError('expected finite gradients of the loss, got one that is not')
  return all
}

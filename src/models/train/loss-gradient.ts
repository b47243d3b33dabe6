/** Gradient of the loss by the log-probability of each learned token, for the log-probabilities of each segment. The loss itself stays outside the engine. */
export type LossGradient = (logprobs: readonly Float32Array[]) => readonly Float32Array[]

/** @throws RangeError when there is not one finite slope for each learned token. */
export function checkSlopes({
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

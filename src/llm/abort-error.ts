/** The error of an aborted call: the signal's own reason where it is an AbortError, else one that has it as its cause. */
export function abortErrorOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  if (reason instanceof Error && reason.name === 'AbortError') return reason
  const error = new Error('The call was aborted.', { cause: reason })
  error.name = 'AbortError'
  return error
}

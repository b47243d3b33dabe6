/** Note at an error what failed after it, while it was on its way. What is no object cannot carry a note. */
export function addSuppressed({
  error,
  suppressed,
}: {
  error: unknown
  suppressed: readonly unknown[]
}): void {
  if (typeof error !== 'object' || error === null || !Object.isExtensible(error)) return
  const others = suppressed.filter((other) => other !== error)
  Object.defineProperty(error, 'suppressed', {
    value: [...suppressedBy(error), ...others],
    configurable: true,
  })
}

/** What failed after an error, in order; where nothing is noted, nothing. */
export function suppressedBy(error: unknown): readonly unknown[] {
  const noted: unknown =
    typeof error === 'object' && error !== null && 'suppressed' in error ? error.suppressed : []
  return Array.isArray(noted) ? noted : []
}

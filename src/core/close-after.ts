import { addSuppressed } from './suppressed-errors.js'

/**
 * Do some work, then close what it opened, one after the other, whatever came of it.
 * @throws the first error that there was: that of the work, else that of closing. Those after it go with it (`suppressedBy`).
 */
export async function closeAfter<Value>({
  work,
  close,
}: {
  work: () => Promise<Value>
  /** In this order; each is tried, also where one before it failed. */
  close: readonly (() => unknown)[]
}): Promise<Value> {
  const failures: unknown[] = []
  const results: Value[] = []
  await work().then(
    (value) => results.push(value),
    (error: unknown) => failures.push(error),
  )
  for (const one of close) {
    try {
      await one()
    } catch (error) {
      failures.push(error)
    }
  }
  const [first, ...suppressed] = failures
  if (failures.length === 0) return results[0] as Value
  if (suppressed.length > 0) addSuppressed({ error: first, suppressed })
  throw first
}

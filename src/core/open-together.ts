import { closeAfter } from './close-after.js'

/** What was opened one after the other, to be closed together. */
export interface Opened<Value> {
  readonly value: Value
  /** The last first; a second call does nothing. @throws the first error, as {@link closeAfter} does. */
  readonly close: () => Promise<void>
}

/**
 * Open several things that belong together. Where one cannot be opened, those before it are closed.
 * @param open tells with `willClose` how each is closed, as soon as it is there
 */
export async function openTogether<Value>(
  open: (willClose: (close: () => unknown) => void) => Promise<Value>,
): Promise<Opened<Value>> {
  const closes: (() => unknown)[] = []
  try {
    const value = await open((close) => void closes.unshift(close))
    return { value, close: () => closeAfter({ work: () => Promise.resolve(), close: closes.splice(0) }) }
  } catch (error) {
    return closeAfter<never>({ work: () => Promise.reject(error as Error), close: closes })
  }
}

import { unlessAborted } from '../core/unless-aborted.js'

/** A value that its holder has until it lets go. */
export interface Held<T> {
  readonly value: T
  /** Let go; again is nothing. @throws what undoing the value met, for the last holder. */
  release(): Promise<void>
}

interface Entry<T> {
  holders: number
  readonly value: Promise<T>
  readonly stop: AbortController
}

/**
 * Work that is done once for all who want it at the same time. What it made stays until the last of its holders lets go, and no longer: nothing is kept for
 * those who may come.
 */
export class SharedWork<T> {
  private readonly entries = new Map<string, Entry<T>>()
  private readonly undo: (value: T) => Promise<void>

  /** @param undo what becomes of a value that nobody holds any more. */
  constructor({ undo }: { undo: (value: T) => Promise<void> }) {
    this.undo = undo
  }

  /**
   * Hold what `key` names. The first who comes has it made; who leaves by his signal leaves the work to the others, and the last one ends it. Work that failed is
   * forgotten, so that whoever comes next begins anew.
   * @throws what `make` throws, to all who wait for it; AbortError.
   */
  async hold({
    key,
    make,
    signal,
  }: {
    key: string
    make: (signal: AbortSignal) => Promise<T>
    signal?: AbortSignal | undefined
  }): Promise<Held<T>> {
    signal?.throwIfAborted()
    const entry = this.entries.get(key) ?? this.begin(key, make)
    entry.holders += 1
    let isHeld = true
    const release = async (): Promise<void> => {
      if (!isHeld) return
      isHeld = false
      await this.leave(key, entry)
    }
    try {
      return { value: await unlessAborted(entry.value, signal), release }
    } catch (error) {
      await release()
      throw error
    }
  }

  private begin(key: string, make: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const stop = new AbortController()
    const entry: Entry<T> = { holders: 0, value: make(stop.signal), stop }
    this.entries.set(key, entry)
    entry.value.catch(() => this.forget(key, entry))
    return entry
  }

  private async leave(key: string, entry: Entry<T>): Promise<void> {
    entry.holders -= 1
    if (entry.holders > 0) return
    this.forget(key, entry)
    entry.stop.abort()
    const [made] = await Promise.allSettled([entry.value])
    if (made.status === 'fulfilled') await this.undo(made.value)
  }

  /** Another entry may have the key by now. */
  private forget(key: string, entry: Entry<T>): void {
    if (this.entries.get(key) === entry) this.entries.delete(key)
  }
}

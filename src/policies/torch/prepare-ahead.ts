/**
 * Prepare items one after the other, in order, and up to `ahead` of them while the one before is used. What was prepared and is not taken, since using or preparing another failed, is released.
 * @throws what `prepare` throws, where its item would have been.
 */
export async function* prepareAhead<Item, Value>({
  items,
  ahead,
  prepare,
  release,
}: {
  items: readonly Item[]
  ahead: number
  prepare: (item: Item) => Promise<Value>
  release: (value: Value) => Promise<void>
}): AsyncGenerator<Value> {
  const started: Promise<Value>[] = []
  let isLeft = false
  const start = (): void => {
    const item = items[started.length]
    if (item === undefined) return
    const before = started.at(-1)
    const own = Promise.resolve(before).then(() => {
      if (isLeft) throw new Error('expected to be used, was left')
      return prepare(item)
    })
    own.catch(() => undefined)
    started.push(own)
  }
  let taken = 0
  try {
    start()
    while (taken < items.length) {
      const value = await started[taken]
      while (started.length <= Math.min(taken + ahead, items.length - 1)) start()
      taken++
      yield value as Value
    }
  } finally {
    isLeft = true
    await Promise.all(started.slice(taken).map((one) => one.then(release, () => undefined)))
  }
}

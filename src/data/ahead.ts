/** Do something slow with each item, some at a time, and give the results in the order of the items. No more than `width` items are held. */
export async function* ahead<Item, Result>({
  items,
  width,
  work,
}: {
  items: AsyncIterable<Item>
  width: number
  work: (item: Item) => Promise<Result>
}): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const started = work(item)
      // It is awaited in its turn; a failure before that must not count as one that nobody sees.
      started.catch(() => undefined)
      running.push(started)
      const [first] = running
      if (running.length < width || first === undefined) continue
      const result = await first
      running.shift()
      yield result
    }
    for (let first = running[0]; first !== undefined; first = running[0]) {
      const result = await first
      running.shift()
      yield result
    }
  } finally {
    // After a failure nothing may go on unseen.
    await Promise.allSettled(running)
  }
}

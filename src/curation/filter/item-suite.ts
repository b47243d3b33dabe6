import { createHash } from 'node:crypto'
import type { Task } from '../../core/task.js'
import type { IndexedTask, Suite } from '../../data/load-suite.js'
import type { FilterItem } from './filter-item.js'
import type { Source } from './open-sources.js'
import { turnedIndex } from './plan-items.js'

/**
 * The items as one suite, which an evaluation can ask: rows of all sources, each as it is or under the transformation that it was dealt, with the must-use tools that were found.
 * Images are read, and turned, when they are asked for.
 */
export function itemSuite({
  name,
  sources,
  items,
}: {
  name: string
  sources: readonly Source[]
  items: readonly FilterItem[]
}): Suite {
  const [first] = sources
  return {
    name,
    count: items.length,
    path: sources.map(({ rows }) => rows.path).join(', '),
    sha256: createHash('sha256')
      .update(JSON.stringify([sources.map(({ rows }) => rows.sha256), items.map(({ key }) => key)]))
      .digest('hex'),
    origin: sources.length === 1 ? (first?.rows.origin ?? null) : null,
    notices: sources.flatMap(({ rows }) => rows.notices),
    // Answers of all sources are scored alike.
    definition: first?.rows.definition ?? null,
    transforms: null,
    async *tasks({ isWanted = () => true } = {}) {
      for (const [source, { rows, turned }] of sources.entries()) {
        const mine = [...items.entries()].filter(([index, item]) => item.source === source && isWanted(index))
        const asGiven = new Map(
          mine.filter(([, { isTurnedHere }]) => !isTurnedHere).map(([index, item]) => [item.row, index]),
        )
        const turnedHere = new Map(
          mine
            .filter(([, { isTurnedHere }]) => isTurnedHere)
            .map(([index, item]) => [turnedIndex(item), index]),
        )
        for await (const { index, task, notices } of inOrder([
          picked({ suite: rows, places: asGiven }),
          picked({ suite: turned, places: turnedHere }),
        ])) {
          const item = items[index]
          if (item !== undefined) yield { index, task: annotated({ task, item }), notices }
        }
      }
    },
    async *entries({ isWanted = () => true } = {}) {
      for (const [index, { key, id, notices }] of items.entries())
        if (isWanted(index)) yield { index, key, id, notices }
    },
  }
}

function annotated({ task, item: { id, requiredTools } }: { task: Task; item: FilterItem }): Task {
  return { ...task, id, requiredTools }
}

/** The tasks at some places of a suite, with their places among the items; ascending. */
async function* picked({
  suite,
  places,
}: {
  suite: Suite
  places: ReadonlyMap<number, number>
}): AsyncGenerator<IndexedTask> {
  if (places.size === 0) return
  for await (const found of suite.tasks({ isWanted: (place) => places.has(place) }))
    yield { ...found, index: places.get(found.index) ?? -1 }
}

/** Two or more ascending streams as one. Each holds one row ahead. */
async function* inOrder(streams: readonly AsyncGenerator<IndexedTask>[]): AsyncGenerator<IndexedTask> {
  try {
    const heads = await Promise.all(streams.map((stream) => stream.next()))
    for (;;) {
      let least = -1
      for (const [at, head] of heads.entries()) {
        if (head.done === true) continue
        const best = heads[least]
        if (best === undefined || best.done === true || head.value.index < best.value.index) least = at
      }
      const head = heads[least]
      const stream = streams[least]
      if (head === undefined || head.done === true || stream === undefined) return
      yield head.value
      heads[least] = await stream.next()
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)))
  }
}

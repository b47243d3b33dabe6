import { didYouMean } from '../../config/did-you-mean.js'
import type { RowRange } from '../../config/parse-limit.js'
import type { Shard } from '../../config/parse-shard.js'
import { UsageError } from '../../core/errors.js'
import { checkLimit } from '../../data/check-limit.js'
import type { Suite } from '../../data/load-suite.js'

/** Which rows of a suite a run takes; null: no restriction. */
export interface Selection {
  limit: RowRange | null
  sampleIds: readonly string[] | null
  /** By the row's place in the file modulo the number of parts, so that a row is in the same part whatever else is chosen. */
  shard: Shard | null
}

/** The tasks of a run: each identity once. */
export interface Plan {
  tasks: readonly { index: number; key: string }[]
  /** Rows that repeat an earlier one: same question, answers and images. They are asked once. */
  duplicates: number
  /** What of the data is left out, and what of its rows could not be used, with file and row. */
  notices: readonly string[]
}

/**
 * Choose the rows of a run. Each is read and checked (once; what an earlier start has found of the same data is kept), so that a wrong one is told before the first model call.
 * @throws UsageError for a wrong row, an unknown sample id, or when nothing is left.
 */
export async function planTasks({ suite, selection }: { suite: Suite; selection: Selection }): Promise<Plan> {
  const { limit, sampleIds, shard } = selection
  checkLimit({ limit, suite })
  const isInLimit = (index: number): boolean =>
    limit === null || (index + 1 >= limit.first && index < limit.last)
  const isInShard = (index: number): boolean => shard === null || index % shard.count === shard.index - 1
  // Ids stand in the rows: to know that one does not exist, all rows must be seen.
  const isWanted = (index: number): boolean => isInLimit(index) && (sampleIds !== null || isInShard(index))

  const ids = new Set<string>()
  const byKey = new Map<string, number>()
  const told: string[] = []
  let rows = 0
  for await (const { index, id, key, notices } of suite.entries({ isWanted })) {
    ids.add(id)
    if (!isInShard(index) || (sampleIds !== null && !sampleIds.includes(id))) continue
    rows++
    told.push(...notices)
    if (!byKey.has(key)) byKey.set(key, index)
  }
  checkIds({ sampleIds: sampleIds ?? [], ids, suite })
  if (rows === 0)
    throw new UsageError(`No row of ${suite.path} is left by limit, sample ids and shard together.`)
  return {
    tasks: [...byKey].map(([key, index]) => ({ index, key })),
    duplicates: rows - byKey.size,
    notices: [...suite.notices, ...new Set(told)],
  }
}

function checkIds({
  sampleIds,
  ids,
  suite,
}: {
  sampleIds: readonly string[]
  ids: ReadonlySet<string>
  suite: Suite
}): void {
  const unknown = sampleIds.filter((id) => !ids.has(id))
  if (unknown.length === 0) return
  const told = unknown.map((id) => {
    const meant = didYouMean({ given: id, candidates: ids })
    return meant === null ? `"${id}"` : `"${id}" (did you mean "${meant}"?)`
  })
  const examples = [...ids].slice(0, 5).join(', ')
  throw new UsageError(`sample id: ${suite.path} has no ${told.join(', ')}; its ids are such as ${examples}`)
}

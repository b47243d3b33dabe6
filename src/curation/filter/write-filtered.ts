import { join } from 'node:path'
import { fileSha256 } from '../../data/file-sha256.js'
import type { Suite } from '../../data/load-suite.js'
import { writeParquet, type NewRow } from '../../data/write-parquet.js'
import type { FilterItem } from './filter-item.js'
import type { Filtered } from './filter-items.js'
import { filteredRow } from './filtered-row.js'
import type { RolloutTally } from './tally-rollouts.js'

/** Rows that are held at a time. */
const ROWS_IN_GROUP = 50

/**
 * Write the rows that were kept, in the order of the sources. The file appears whole or not at all; one row group is held at a time. Where none was kept, there is no file.
 * @returns its SHA-256; null where there is none
 */
export async function writeFiltered({
  folder,
  suite,
  items,
  tallies,
  filtered: { fates },
  signal,
  onRow = () => undefined,
}: {
  folder: string
  suite: Suite
  items: readonly FilterItem[]
  tallies: ReadonlyMap<string, RolloutTally>
  filtered: Filtered
  signal?: AbortSignal | undefined
  onRow?: (done: number) => void
}): Promise<string | null> {
  const path = join(folder, ROWS_FILE)
  const isKept = (index: number): boolean => fates[index] === 'kept'
  if (![...items.keys()].some(isKept)) return null
  const rows = async function* (): AsyncGenerator<NewRow, void> {
    let done = 0
    for await (const { index, task } of suite.tasks({ isWanted: isKept })) {
      signal?.throwIfAborted()
      const tally = tallies.get(items[index]?.key ?? '')
      if (tally === undefined) continue
      yield await filteredRow({ task, index: done, tally })
      onRow(++done)
    }
  }
  await writeParquet({ path, rows: rows(), rowGroupSize: ROWS_IN_GROUP, columns: 'training' })
  return fileSha256(path)
}

/** Of a folder that holds filtered rows. */
export const ROWS_FILE = 'rows.parquet'

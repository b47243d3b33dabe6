import { dirname } from 'node:path'
import { makeFolder } from '../../../config/make-folder.js'
import { DataError } from '../../../core/errors.js'
import type { Task } from '../../../core/task.js'
import { writeRowGroups, type GroupedRow } from '../../write-row-groups.js'
import { wholeFile } from '../whole-file.js'
import { verlRow, type VerlSettings } from './verl-row.js'
import { verlSchema } from './verl-schema.js'

/** Images stand in the rows: a group is what is held. */
const ROW_GROUP_ROWS = 50

/**
 * Write tasks as parquet for verl, in the schema of the published RL set and with what multi-turn rollouts read besides (see {@link verlRow}). The file appears whole or not at
 * all; where no row comes out, it does not. One row group is held at a time.
 * @returns how many rows were written
 * @throws StoreError when the disk is full or not writable. A task that cannot be written is told and left out.
 */
export async function writeVerlParquet({
  path,
  tasks,
  settings,
  onProblem,
  onRow = () => undefined,
}: {
  path: string
  tasks: AsyncIterable<Task>
  settings: Omit<VerlSettings, 'row'>
  onProblem: (problem: DataError) => void
  onRow?: ((rows: number) => void) | undefined
}): Promise<number> {
  const columns = verlSchema({ toolName: settings.toolName })
  let row = 0
  const rows = async function* (): AsyncGenerator<GroupedRow> {
    for await (const task of tasks) {
      const made = await verlRow({ task, settings: { ...settings, row } }).catch((cause: unknown) => {
        if (!(cause instanceof DataError)) throw cause
        onProblem(cause)
        return null
      })
      if (made === null) continue
      yield { cells: made, bytes: made.images.reduce((sum, image) => sum + image.bytes.length, 0) }
      onRow(++row)
    }
  }
  await makeFolder(dirname(path), '--out')
  await wholeFile({
    path,
    write: (partial) => writeRowGroups({ path: partial, rows: rows(), columns, groupRows: ROW_GROUP_ROWS }),
    isWanted: () => row > 0,
  })
  return row
}

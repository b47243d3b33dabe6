import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileWriter, parquetWriteRows } from 'hyparquet-writer'
import { makeFolder } from '../../../config/make-folder.js'
import { errorCode } from '../../../core/error-code.js'
import { DataError, StoreError } from '../../../core/errors.js'
import type { Task } from '../../../core/task.js'
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
  const rows = async function* (): AsyncGenerator<Awaited<ReturnType<typeof verlRow>>> {
    for await (const task of tasks) {
      const made = await verlRow({ task, settings: { ...settings, row } }).catch((cause: unknown) => {
        if (!(cause instanceof DataError)) throw cause
        onProblem(cause)
        return null
      })
      if (made === null) continue
      yield made
      onRow(++row)
    }
  }
  await makeFolder(dirname(path), '--out')
  const partial = `${path}.partial`
  try {
    await parquetWriteRows({
      writer: fileWriter(partial),
      rows: rows(),
      columns: [...columns.keys()].map((name) => ({ name })),
      schema: [{ name: 'schema', num_children: columns.size }, ...[...columns.values()].flat()],
      rowGroupSize: ROW_GROUP_ROWS,
    })
    if (row > 0) await rename(partial, path)
  } catch (cause) {
    if (errorCode(cause) === null || cause instanceof StoreError) throw cause
    throw new StoreError(`${path} could not be written: ${String(cause)}; choose another folder (--out)`, {
      cause,
    })
  } finally {
    await rm(partial, { force: true })
  }
  return row
}

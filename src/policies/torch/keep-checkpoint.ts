import { copyFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../core/errors.js'
import { writeFolder } from '../../models/checkpoint/write-folder.js'
import { readModelConfig } from '../../models/config/read-config.js'
import type { TorchWorker } from './torch-worker.js'

/** What a checkpoint holds beside its weights; of these, whatever the model that was opened has. */
const BESIDE =
  /^((config|generation_config|preprocessor_config|processor_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\.json|chat_template\.jinja|merges\.txt)$/

/**
 * Write weights and the state of the optimizer into a folder, whole or not at all; what was there before is replaced.
 * @throws UsageError when it holds something else than a checkpoint; StoreError when the disk is full or not writable.
 */
export async function saveCheckpoint({
  worker,
  directory,
  from,
}: {
  worker: TorchWorker
  directory: string
  /** The checkpoint that was opened. */
  from: string
}): Promise<void> {
  await writeFolder({
    directory,
    mark: 'config.json',
    write: async (path) => {
      await worker.run({ method: 'save', arguments: { directory: path } })
      for (const file of await readdir(from))
        if (BESIDE.test(file)) await copyFile(join(from, file), join(path, file))
    },
  })
}

/** Go on from a folder that was saved. @throws UsageError when it holds another model, or one that was trained otherwise; nothing is changed then. */
export async function loadCheckpoint({
  worker,
  directory,
  into,
}: {
  worker: TorchWorker
  directory: string
  /** The checkpoint that was opened. */
  into: string
}): Promise<void> {
  const [given, own] = await Promise.all([readModelConfig(directory), readModelConfig(into)])
  if (!isDeepStrictEqual(given, own))
    throw new UsageError(
      `${directory}: expected a checkpoint of the model that is open (${into}), got one of another shape`,
    )
  await worker.run({ method: 'load', arguments: { directory: resolve(directory) } })
}

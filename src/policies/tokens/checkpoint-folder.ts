import { stat } from 'node:fs/promises'
import { UsageError } from '../../core/errors.js'

/** @throws UsageError when it is no folder. What is in it tells whoever reads it. */
export async function requireCheckpointFolder({
  directory,
  policy,
}: {
  directory: string
  /** Named in the error. */
  policy: string
}): Promise<void> {
  const found = await stat(directory).catch(() => null)
  if (found?.isDirectory() !== true)
    throw new UsageError(
      `${directory}: expected the folder of a checkpoint (config.json, *.safetensors, tokenizer.json …), got ${found === null ? 'nothing of that name' : 'a file'}. The engine ${policy} takes such a folder as its model.`,
    )
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { copyCompanions } from '../../models/checkpoint/copy-companions.js'
import { openCheckpoint } from '../../models/checkpoint/open-checkpoint.js'
import { writeSafetensors } from '../../models/checkpoint/write-safetensors.js'

/**
 * Copy a checkpoint as it is shipped: weights in BF16, tokenizer, template and settings, without what only its trainer reads. What else stands in the folder, such as a model card, is left alone. No backend is
 * needed.
 * @throws UsageError when `from` is no checkpoint.
 */
export async function shipCheckpoint({ from, to }: { from: string; to: string }): Promise<void> {
  const checkpoint = await openCheckpoint(from)
  try {
    await mkdir(to, { recursive: true })
    await writeSafetensors({
      path: join(to, 'model.safetensors'),
      type: 'BF16',
      tensors: [...checkpoint.parameters].map(([name, { shape }]) => ({
        name,
        shape,
        read: () => checkpoint.read(name),
      })),
    })
    await copyCompanions({ from, to, type: 'BF16' })
  } finally {
    await checkpoint.close()
  }
}

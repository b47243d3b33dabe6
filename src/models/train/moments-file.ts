import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { tensor, type Tensor } from '@tensorflow/tfjs-core'
import { openCheckpoint } from '../checkpoint/open-checkpoint.js'
import { writeSafetensors } from '../checkpoint/write-safetensors.js'
import type { AdamW } from './adamw.js'

const FILE = 'model.safetensors'
const MOMENTS = ['first', 'second'] as const

/** Write what an optimizer knows of each parameter, as a safetensors file in a folder of its own. */
export async function saveMoments({
  directory,
  optimizer,
}: {
  directory: string
  optimizer: Pick<AdamW, 'moments'>
}): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeSafetensors({
    path: join(directory, FILE),
    tensors: [...optimizer.moments()].flatMap(([name, held]) =>
      MOMENTS.map((moment) => ({
        name: `${moment}/${name}`,
        shape: held[moment].shape,
        read: async () => (await held[moment].data()) as Float32Array,
      })),
    ),
  })
}

/** Give an optimizer back what {@link saveMoments} wrote. @throws UsageError when the folder holds nothing of the kind. */
export async function loadMoments({
  directory,
  optimizer,
  steps,
}: {
  directory: string
  optimizer: Pick<AdamW, 'restore'>
  /** Updates that it had made. */
  steps: number
}): Promise<void> {
  const stored = await openCheckpoint(directory)
  try {
    const read = async (name: string): Promise<Tensor> =>
      tensor(await stored.read(name), [...(stored.parameters.get(name)?.shape ?? [])])
    const moments = new Map<string, { first: Tensor; second: Tensor }>()
    for (const name of stored.parameters.keys()) {
      if (!name.startsWith('first/')) continue
      const parameter = name.slice('first/'.length)
      moments.set(parameter, { first: await read(name), second: await read(`second/${parameter}`) })
    }
    optimizer.restore({ steps, moments })
  } finally {
    await stored.close()
  }
}

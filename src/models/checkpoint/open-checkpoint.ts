import { access, open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { parameterName } from './parameter-names.js'
import { readSafetensorsHeader, type StoredTensor } from './safetensors-header.js'
import { toFloat32 } from './to-float32.js'

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** Weights of a checkpoint, read one tensor at a time. */
export interface Checkpoint {
  /** Parameters by the names transformers 5 gives them. */
  readonly parameters: ReadonlyMap<string, CheckpointParameter>
  /** Numbers of a parameter, row-major. @throws UsageError when there is none of the name. */
  read(name: string): Promise<Float32Array>
  close(): Promise<void>
}

export interface CheckpointParameter extends Pick<StoredTensor, 'type' | 'shape'> {
  /** Its name in the file. */
  readonly stored: string
}

/**
 * Open the weights of a Hugging Face checkpoint: `model.safetensors`, or the shards that `model.safetensors.index.json` lists.
 * @throws UsageError when files are missing, damaged, or hold what this engine does not read.
 */
export async function openCheckpoint(directory: string): Promise<Checkpoint> {
  const files = new Map<string, FileHandle>()
  const places = new Map<string, StoredTensor & { file: FileHandle; stored: string }>()
  const close = async (): Promise<void> => {
    for (const file of files.values()) await file.close()
    files.clear()
  }
  try {
    for (const name of await shardNames(directory)) {
      const path = join(directory, name)
      const file = await openShard(path)
      files.set(name, file)
      for (const [stored, place] of await readSafetensorsHeader({ file, path }))
        places.set(parameterName(stored), { ...place, file, stored })
    }
  } catch (cause) {
    await close()
    throw cause
  }
  return {
    parameters: places,
    async read(name) {
      const place = places.get(name)
      if (place === undefined) throw new UsageError(`${directory}: expected a tensor ${name}, got none`)
      const bytes = Buffer.alloc(place.end - place.start)
      await readFully({ file: place.file, bytes, position: place.start })
      return toFloat32({ bytes, type: place.type })
    },
    close,
  }
}

async function shardNames(directory: string): Promise<string[]> {
  if (await exists(join(directory, SINGLE))) return [SINGLE]
  const path = join(directory, INDEX)
  if (!(await exists(path))) throw new UsageError(`${directory}: expected ${SINGLE} or ${INDEX}, got neither`)
  const parsed = indexSchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
  if (!parsed.success) throw new UsageError(`${path}: ${z.prettifyError(parsed.error)}`)
  const names = [...new Set(Object.values(parsed.data.weight_map))].sort()
  const strange = names.find((name) => name.includes('/') || name.includes('\\'))
  if (strange !== undefined)
    throw new UsageError(`${path}: expected names of files beside it, got ${strange}`)
  return names
}

async function openShard(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw new UsageError(`${path}: expected a part of the checkpoint; ${String(cause)}`, { cause })
  }
}

/** One call reads at most 2 GiB. */
async function readFully({
  file,
  bytes,
  position,
}: {
  file: FileHandle
  bytes: Buffer
  position: number
}): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 2 ** 30)
    const { bytesRead } = await file.read(bytes, done, length, position + done)
    if (bytesRead === 0)
      throw new UsageError(`expected ${bytes.length} bytes of a tensor, the file ended after ${done}`)
    done += bytesRead
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

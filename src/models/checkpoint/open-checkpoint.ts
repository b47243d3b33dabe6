import { join } from 'node:path'
import { z } from 'zod'
import { isThere } from '../../config/is-there.js'
import { UsageError } from '../../core/errors.js'
import { readJsonFile } from '../read-json-file.js'
import { openSafetensors, type SafetensorsFile } from './open-safetensors.js'
import { parameterName } from './parameter-names.js'
import type { StoredTensor } from './safetensors-header.js'

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
  const files: SafetensorsFile[] = []
  const places = new Map<string, CheckpointParameter & { file: SafetensorsFile }>()
  const close = async (): Promise<void> => {
    for (const file of files.splice(0)) await file.close()
  }
  try {
    for (const name of await shardNames(directory)) {
      const file = await openSafetensors(join(directory, name))
      files.push(file)
      for (const [stored, { type, shape }] of file.tensors)
        places.set(parameterName(stored), { type, shape, file, stored })
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
      return place.file.read(place.stored)
    },
    close,
  }
}

async function shardNames(directory: string): Promise<string[]> {
  if (await isThere(join(directory, SINGLE))) return [SINGLE]
  const path = join(directory, INDEX)
  if (!(await isThere(path)))
    throw new UsageError(`${directory}: expected ${SINGLE} or ${INDEX}, got neither`)
  const { weight_map: shards } = await readJsonFile({ path, schema: indexSchema })
  const names = [...new Set(Object.values(shards))].sort()
  const strange = names.find((name) => name.includes('/') || name.includes('\\'))
  if (strange !== undefined)
    throw new UsageError(`${path}: expected names of files beside it, got ${strange}`)
  return names
}

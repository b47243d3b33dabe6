import { join } from 'node:path'
import { tensor2d, tidy, transpose, type Tensor2D } from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { openSafetensors } from '../checkpoint/open-safetensors.js'
import type { ModelConfig } from '../config/model-config.js'
import { readJsonFile } from '../read-json-file.js'
import { linearLayers } from './adapted-layers.js'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, PEFT_PREFIX } from './save-adapter.js'
import { adapterNames } from './with-adapters.js'

/** Adapters as PEFT keeps them. */
export interface StoredAdapter {
  readonly rank: number
  readonly alpha: number
  /** Layers that have one, by their names in transformers 5. */
  readonly layers: readonly string[]
  /** A [in, rank] and B [rank, out] by the names of `withAdapters`; they are the caller's. */
  readonly tensors: ReadonlyMap<string, Tensor2D>
}

/** Adapters of other kinds compute something else from the same two matrices. */
const schema = z.object({
  peft_type: z.literal('LORA'),
  r: z.number().int().positive(),
  lora_alpha: z.number(),
  bias: z.literal('none').default('none'),
  use_dora: z.literal(false).default(false),
  use_rslora: z.literal(false).default(false),
  rank_pattern: z.record(z.string(), z.never()).nullish(),
  alpha_pattern: z.record(z.string(), z.never()).nullish(),
  modules_to_save: z.array(z.never()).nullish(),
})

/**
 * Read a folder that PEFT, or `saveAdapter`, wrote.
 * @throws UsageError when a file is missing or damaged, the adapters are of another kind, or do not fit the model's layers.
 */
export async function readAdapter({
  directory,
  config,
}: {
  directory: string
  config: ModelConfig
}): Promise<StoredAdapter> {
  const { r: rank, lora_alpha: alpha } = await readJsonFile({ path: join(directory, ADAPTER_CONFIG), schema })
  const path = join(directory, ADAPTER_WEIGHTS)
  const file = await openSafetensors(path)
  const tensors = new Map<string, Tensor2D>()
  try {
    const shapes = expectedShapes({ config, rank })
    for (const [stored, { shape }] of file.tensors) {
      const wanted = shapes.get(ownName(stored))
      if (wanted?.join() !== shape.join())
        throw new UsageError(
          `${path}, tensor ${stored}: expected ${wanted === undefined ? 'an adapter of a linear layer of this model' : `[${wanted.join(', ')}]`}, got [${shape.join(', ')}]; these adapters belong to another model`,
        )
    }
    const names = [...file.tensors.keys()].map(ownName)
    const layers = linearLayers(config).filter(({ name }) =>
      adapterNames(name).some((matrix) => names.includes(matrix)),
    )
    const missing = layers.flatMap(({ name }) => adapterNames(name)).find((name) => !names.includes(name))
    if (missing !== undefined || layers.length === 0)
      throw new UsageError(
        `${path}: expected both matrices of each adapter, got ${missing === undefined ? 'no adapter' : `none called ${PEFT_PREFIX}${missing}`}`,
      )
    for (const [stored, { shape }] of file.tensors) {
      const values = await file.read(stored)
      const held = tidy(() => transpose(tensor2d(values, shape as [number, number])))
      tensors.set(ownName(stored), held)
    }
    return { rank, alpha, layers: layers.map(({ name }) => name), tensors }
  } finally {
    await file.close()
  }
}

function ownName(stored: string): string {
  return stored.startsWith(PEFT_PREFIX) ? stored.slice(PEFT_PREFIX.length) : stored
}

/** As PEFT stores them: A [rank, in], B [out, rank]. */
function expectedShapes({
  config,
  rank,
}: {
  config: ModelConfig
  rank: number
}): Map<string, readonly number[]> {
  return new Map(
    linearLayers(config).flatMap(({ name, in: from, out }) => {
      const [a, b] = adapterNames(name)
      return [
        [a, [rank, from]],
        [b, [out, rank]],
      ] as [string, number[]][]
    }),
  )
}

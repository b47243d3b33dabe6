import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { reshape, tidy, transpose, type Tensor2D } from '@tensorflow/tfjs-core'
import { writeSafetensors } from '../checkpoint/write-safetensors.js'
import type { ModelConfig } from '../config/model-config.js'
import { isLinear } from './load-weights.js'
import type { ModelWeights } from './model-weights.js'
import { parameterShapes } from './parameter-shapes.js'

/** Write parameters as `model.safetensors` into a folder, as transformers loads them. What else a checkpoint has (config.json, tokenizer …) is not written. */
export async function saveWeights({
  directory,
  config,
  weights,
  type = 'F32',
}: {
  directory: string
  config: ModelConfig
  weights: ModelWeights
  type?: 'F32' | 'BF16'
}): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeSafetensors({
    path: join(directory, 'model.safetensors'),
    type,
    tensors: [...parameterShapes(config)].map(([name, shape]) => ({
      name,
      shape,
      read: async () => {
        const stored = tidy(() => {
          const held = weights.get(name)
          return isLinear({ name, shape }) ? transpose(held as Tensor2D) : reshape(held, held.shape)
        })
        const values = (await stored.data()) as Float32Array
        stored.dispose()
        return values
      },
    })),
  })
}

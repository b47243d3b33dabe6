import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tidy, transpose, type Tensor2D } from '@tensorflow/tfjs-core'
import { writeSafetensors, type NewTensor } from '../checkpoint/write-safetensors.js'
import type { LoadedWeights } from '../weights/load-weights.js'
import type { LoraSettings } from './lora-settings.js'
import { isAdapter } from './with-adapters.js'

/** What PEFT puts before the names of a model's modules. */
export const PEFT_PREFIX = 'base_model.model.'
export const ADAPTER_CONFIG = 'adapter_config.json'
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors'

/** Write the adapters of a model, and nothing else of it, as PEFT reads them: `adapter_config.json` and `adapter_model.safetensors`, A [rank, in] and B [out, rank]. */
export async function saveAdapter({
  directory,
  weights,
  lora: { rank, alpha },
  base,
}: {
  directory: string
  weights: Pick<LoadedWeights, 'names' | 'get'>
  lora: Pick<LoraSettings, 'rank' | 'alpha'>
  /** Where the model lies that the adapters are added to. */
  base: string
}): Promise<void> {
  await mkdir(directory, { recursive: true })
  const names = weights.names.filter(isAdapter)
  const tensors = names.map((name): NewTensor => {
    const held = weights.get(name) as Tensor2D
    return {
      name: PEFT_PREFIX + name,
      shape: [...held.shape].reverse(),
      read: async () => {
        const turned = tidy(() => transpose(weights.get(name) as Tensor2D))
        const values = (await turned.data()) as Float32Array
        turned.dispose()
        return values
      },
    }
  })
  await writeSafetensors({ path: join(directory, ADAPTER_WEIGHTS), tensors })
  const config = {
    peft_type: 'LORA',
    task_type: null,
    base_model_name_or_path: base,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    // Whole names: an ending would find the vision tower's layers of the same name too.
    target_modules: [...new Set(names.map((name) => name.replace(/\.lora_[AB]\.weight$/, '')))],
    modules_to_save: null,
    use_dora: false,
    use_rslora: false,
  }
  await writeFile(join(directory, ADAPTER_CONFIG), `${JSON.stringify(config, null, 2)}\n`)
}

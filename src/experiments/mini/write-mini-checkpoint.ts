import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseModelConfig } from '../../models/config/read-config.js'
import { newWeights } from '../../models/weights/new-weights.js'
import { saveWeights } from '../../models/weights/save-weights.js'
import { configJson, type MiniShape } from './mini-shape.js'
import { MINI_TEMPLATE } from './mini-template.js'
import { specialId, tokenizerConfigJson, tokenizerJson } from './mini-tokenizer.js'

/** As wide as this, positions are not drowned by what patches show, and a small model learns where things are. */
export const POSITION_DEVIATION = 0.6
/** Bounds of what the processor makes of a view, in pixels: wider than those of views, so that it changes none of them. */
const PROCESSOR_BOUNDS = { min_pixels: 32 * 32, max_pixels: 512 * 512 }

/**
 * Write a new model with all that belongs to a checkpoint: config.json, model.safetensors, tokenizer, chat template, generation and image settings. The same shape and seed give the same
 * bytes. A backend must be open.
 */
export async function writeMiniCheckpoint({
  directory,
  shape,
  seed,
}: {
  directory: string
  shape: MiniShape
  seed: number
}): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeMiniFiles({ directory, shape })
  const config = parseModelConfig({ value: configJson(shape), where: 'config.json' })
  const weights = newWeights({ config, initialization: { seed, positionDeviation: POSITION_DEVIATION } })
  await saveWeights({ directory, config, weights })
  weights.dispose()
}

/** What stands in a checkpoint beside the weights. */
export async function writeMiniFiles({
  directory,
  shape,
}: {
  directory: string
  shape: MiniShape
}): Promise<void> {
  const json = (name: string, value: unknown): Promise<void> =>
    writeFile(join(directory, name), `${JSON.stringify(value, null, 2)}\n`)
  await json('config.json', configJson(shape))
  await json('tokenizer.json', tokenizerJson())
  await json('tokenizer_config.json', tokenizerConfigJson())
  await json('generation_config.json', {
    eos_token_id: [specialId('<|im_end|>'), specialId('<|endoftext|>')],
    do_sample: false,
  })
  await json('preprocessor_config.json', {
    ...PROCESSOR_BOUNDS,
    patch_size: shape.patch,
    merge_size: 2,
    temporal_patch_size: 2,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  })
  await writeFile(join(directory, 'chat_template.jinja'), MINI_TEMPLATE)
}

import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../core/error-code.js'
import { readJsonFile } from '../read-json-file.js'

/** What stands beside the weights of a checkpoint, as far as it is there. */
const COMPANIONS = [
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'chat_template.json',
  'preprocessor_config.json',
  'video_preprocessor_config.json',
  'processor_config.json',
]

const DTYPES = { F32: 'float32', BF16: 'bfloat16' } as const

const anyObject = z.record(z.string(), z.unknown())

/** Copy what a checkpoint has beside its weights: tokenizer, template, processor as they are; config.json says how the new weights are stored. */
export async function copyCompanions({
  from,
  to,
  type,
}: {
  from: string
  to: string
  type: keyof typeof DTYPES
}): Promise<void> {
  await mkdir(to, { recursive: true })
  const config = await readJsonFile({ path: join(from, 'config.json'), schema: anyObject })
  const stored = withType({ config: { dtype: '', ...config }, type: DTYPES[type] })
  await writeFile(join(to, 'config.json'), `${JSON.stringify(stored, null, 2)}\n`)
  for (const name of COMPANIONS)
    await copyFile(join(from, name), join(to, name)).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error
    })
}

/** transformers loads weights as config.json says: by `dtype`, in earlier versions `torch_dtype`, of the whole and of its parts. */
function withType({
  config,
  type,
}: {
  config: Record<string, unknown>
  type: string
}): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => {
    if (key === 'dtype' || key === 'torch_dtype') return [key, type]
    const part = key.endsWith('_config') ? anyObject.safeParse(value).data : undefined
    return [key, part === undefined ? value : withType({ config: part, type })]
  })
  return Object.fromEntries(entries)
}

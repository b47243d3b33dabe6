import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../../core/errors.js'

/** Files that decide what a checkpoint writes. */
const DECISIVE =
  /^(.*\.safetensors|(config|generation_config|preprocessor_config|tokenizer|tokenizer_config|chat_template)\.json|chat_template\.jinja)$/

/** SHA-256, hexadecimal, over the names and bytes of the files of a checkpoint: weights, configuration, tokenizer, template, processor. @throws UsageError where there is no such folder, or it holds no checkpoint. */
export async function checkpointFingerprint(directory: string): Promise<string> {
  const hash = createHash('sha256')
  const names = await namesIn(directory)
  if (!names.includes('config.json'))
    throw new UsageError(
      `${directory}: expected the folder of a checkpoint, got one without config.json; name the folder that holds config.json and the weights`,
    )
  for (const name of names.filter((file) => DECISIVE.test(file)).sort()) {
    hash.update(`${name}\0`)
    for await (const chunk of createReadStream(join(directory, name))) hash.update(chunk as Buffer)
    hash.update('\0')
  }
  return hash.digest('hex')
}

function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause
    throw new UsageError(`${directory}: expected the folder of a checkpoint, got none`, { cause })
  })
}

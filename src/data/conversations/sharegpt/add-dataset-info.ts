import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../../core/error-code.js'
import { UsageError } from '../../../core/errors.js'
import { DATASET_INFO, entryOf } from './dataset-info.js'

/**
 * Say in the `dataset_info.json` beside a file what it is, under the file's own name; what the file says of other data sets stays.
 * @returns the data set's name, for `dataset:` in LLaMA-Factory's configuration
 * @throws UsageError where there is a `dataset_info.json` that is no JSON object
 */
export async function addDatasetInfo(file: string): Promise<string> {
  const path = join(dirname(file), DATASET_INFO)
  const name = basename(file, extname(file))
  const info = { ...(await readOther(path)), [name]: entryOf({ fileName: basename(file) }) }
  await writeFile(`${path}.partial`, `${JSON.stringify(info, null, 2)}\n`)
  await rename(`${path}.partial`, path)
  return name
}

async function readOther(path: string): Promise<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return {}
    throw new UsageError(
      `${path}: expected a JSON object that describes data sets, got something else; move it away, or choose another folder (--out)`,
      { cause },
    )
  }
}

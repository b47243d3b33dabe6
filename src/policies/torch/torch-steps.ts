import { join } from 'node:path'
import { z } from 'zod'
import { isThere } from '../../config/is-there.js'
import { readJsonFile } from '../../models/read-json-file.js'

/** As `py_engine/checkpoint.py` writes it. */
const state = z.object({ schema: z.literal(1), steps: z.number().int().min(0) })

/** Updates that a checkpoint of the torch engine holds; null where the folder has no state of such a training. @throws UsageError when that is damaged. */
export async function torchSteps(directory: string): Promise<number | null> {
  const path = join(directory, 'torch', 'state.json')
  if (!(await isThere(path))) return null
  return (await readJsonFile({ path, schema: state })).steps
}

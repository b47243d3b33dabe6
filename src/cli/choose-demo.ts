import { join } from 'node:path'
import { isThere } from '../config/is-there.js'
import { UsageError } from '../core/errors.js'

export const DEMO_POLICIES = ['tfjs', 'tesseract'] as const

/** Who plays the demo. */
export type DemoChoice =
  | { readonly kind: 'tfjs'; readonly model: string }
  | { readonly kind: 'tesseract'; readonly notice: string | null }

/**
 * The model that this project trained, where its checkpoint is there; else, or where it is asked for, the classical agent.
 * @param parameters.shipped folder of the checkpoint that comes with the package
 * @throws UsageError where the model is asked for and there is no checkpoint.
 */
export async function chooseDemo({
  policy,
  model,
  shipped,
}: {
  policy: (typeof DEMO_POLICIES)[number] | undefined
  /** Another checkpoint of the mini experiment. */
  model: string | undefined
  shipped: string
}): Promise<DemoChoice> {
  if (policy === 'tesseract') {
    if (model !== undefined)
      throw new UsageError(
        `--model: expected none with --policy tesseract, which needs no model, got ${model}`,
      )
    return { kind: 'tesseract', notice: null }
  }
  const directory = model ?? shipped
  if (await isThere(join(directory, 'config.json'))) return { kind: 'tfjs', model: directory }
  if (policy === undefined && model === undefined)
    return {
      kind: 'tesseract',
      notice: `The trained model is not there (${shipped}), so the classical agent plays; codevision experiment train-mini trains one.`,
    }
  throw new UsageError(
    `--model: expected a checkpoint of the mini experiment, got no ${join(directory, 'config.json')}; train one (codevision experiment train-mini), or take --policy tesseract`,
  )
}

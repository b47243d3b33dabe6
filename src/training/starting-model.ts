import { join } from 'node:path'
import { z } from 'zod'
import { MANIFEST_FILE, readManifest } from '../store/manifest.js'

const recorded = z.object({ head: z.object({ policy: z.object({ model: z.string() }) }) })

/** `<folder>@<digits>/<backend>`, of the torch engine `<folder>@<digits>/torch-<device>-<type>`. */
const WEIGHTS = /^.*@([0-9a-f]+)\/(?:torch-.*-(\w+)|\w+)$/

/**
 * Names the weights that a training begins with by their content, and by the type of their numbers where the engine has several: not by folder, backend or device, which may
 * change when it goes on. A run that recorded these too says what it said when it began.
 * @param parameters.resumed folder of a run that goes on; null: a new one
 * @param parameters.model as the policy names them
 */
export async function startingModel({
  resumed,
  model,
}: {
  resumed: string | null
  model: string
}): Promise<string> {
  const name = contentOf(model)
  if (resumed === null) return name
  const { identity } = await readManifest(join(resumed, MANIFEST_FILE))
  const before = recorded.safeParse(identity).data?.head.policy.model
  return before !== undefined && contentOf(before) === name ? before : name
}

function contentOf(model: string): string {
  const [, digits, type] = WEIGHTS.exec(model) ?? []
  if (digits === undefined) return model
  return type === undefined ? digits : `${digits}/${type}`
}

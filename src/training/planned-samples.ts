import { join } from 'node:path'
import { z } from 'zod'
import { MANIFEST_FILE, readManifest } from '../store/manifest.js'
import type { GrpoSettings } from './grpo.js'

const recorded = z.object({ head: z.object({ planned: z.number() }) })

/**
 * Samples that a run of GRPO is to hold when the training is over, as its manifest says: what is kept (`keepSamples`) may change when it goes on, so that a run which is resumed says what it said when it began.
 * @param parameters.resumed folder of a run that goes on; null: a new one
 */
export async function plannedSamples({
  resumed,
  settings: {
    totalSteps: steps,
    groupSize,
    batch,
    keepSamples: { every, prompts },
  },
}: {
  resumed: string | null
  settings: Pick<GrpoSettings, 'totalSteps' | 'groupSize' | 'batch' | 'keepSamples'>
}): Promise<number> {
  if (resumed !== null) {
    const { identity } = await readManifest(join(resumed, MANIFEST_FILE))
    const before = recorded.safeParse(identity).data
    if (before !== undefined) return before.head.planned
  }
  return Math.ceil(steps / every) * Math.min(prompts, batch) * groupSize
}

import { z } from 'zod'
import type { Origin } from '../../data/locate-data.js'
import type { RunReader } from '../../store/run.js'

const schema = z.object({
  origin: z.object({ repository: z.string(), revision: z.string(), commit: z.string().nullable() }),
})

/** The data set of the hub that a run's rows came from; null where they did not, or the run is of a version that did not say so. */
export function recordedOrigin({ manifest }: Pick<RunReader, 'manifest'>): Origin | null {
  return schema.safeParse(manifest.environment).data?.origin ?? null
}

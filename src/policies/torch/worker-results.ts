import { z } from 'zod'

/** What the engine answers to `forward` and `backward`. */
export const timed = z.object({ seconds: z.number() })
/** … and to `update`: JSON knows no NaN. */
export const updated = timed.extend({
  gradientNorm: z
    .number()
    .nullable()
    .transform((norm) => norm ?? NaN),
})

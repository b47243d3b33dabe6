import { z } from 'zod'
import { pythonText } from '../python-text.js'
import type { Affine } from './affine.js'

const number = z.number().min(-1e12).max(1e12)
const side = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31)
const text = pythonText(60)

const step = z.object({
  /** The function that was called. */
  call: text,
  args: z.array(z.unknown()).max(9),
  /** What the call may count as; `orientation` leaves it to the map which. */
  names: z.array(text).max(4),
  /** From its result to its input; null where it is no such map. */
  affine: z.tuple([number, number, number, number, number, number]).nullable(),
  size: z.tuple([side, side]),
  from: z.tuple([side, side]),
  /** Whether it lies on the way from the root to the result; those steps come first, in order. */
  path: z.boolean(),
})

/** What the worker says its code did: written by a process that hostile code runs in, so nothing of it is believed without a look at the pixels. */
export const claim = z.object({
  /** The session's image that the result was made of; null where it is not known. */
  root: z.number().int().nonnegative().nullable(),
  /** Size of that image as the code was given it. */
  size: z.tuple([side, side]).nullable(),
  steps: z.array(step).max(64),
})

export interface Step extends Omit<z.infer<typeof step>, 'affine'> {
  affine: Affine | null
}

export interface Claim extends Omit<z.infer<typeof claim>, 'steps'> {
  steps: Step[]
}

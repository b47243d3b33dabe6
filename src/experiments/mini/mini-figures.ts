import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { MINI_STAGES, type MiniStage } from './mini-stages.js'
import type { StageFigures } from './stage-figures.js'

const share = z.number().min(0).max(1)
const one = z.object({
  n: z.number().int().positive(),
  accuracy: share,
  low: share,
  high: share,
  turns: z.number().min(0),
  toolErrors: z.number().int().min(0),
})
const schema = z.partialRecord(z.enum(MINI_STAGES), z.record(z.enum(TRANSFORMS), one))

/** Read what `codevision experiment mini --json FILE` wrote. @throws UsageError when it is not there, or not of that form. */
export async function readMiniFigures(path: string): Promise<Partial<Record<MiniStage, StageFigures>>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const told = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new UsageError(
      `${path}: expected figures of the mini experiment (codevision experiment mini --json FILE); ${told}`,
      { cause },
    )
  }
}

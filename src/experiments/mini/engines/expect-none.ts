import { join } from 'node:path'
import { isThere } from '../../../config/is-there.js'
import { UsageError } from '../../../core/errors.js'
import type { MiniEngine } from './mini-engine.js'

/** @throws UsageError where a stage left a checkpoint from which this engine cannot go on: another one wrote it. */
export async function expectNone({
  checkpoint,
  engine,
}: {
  /** Folder of the stage's checkpoint. */
  checkpoint: string
  engine: MiniEngine
}): Promise<void> {
  if (!(await isThere(join(checkpoint, 'config.json')))) return
  throw new UsageError(
    `${checkpoint}: expected no checkpoint, or one of the engine ${engine}, got one without its state; go on with the engine that wrote it (--engine), or choose another folder (--output)`,
  )
}

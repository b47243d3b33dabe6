import { join } from 'node:path'
import { isThere } from '../config/is-there.js'
import { UsageError } from '../core/errors.js'
import { STARTS, type Start } from '../experiments/studies/arm.js'
import type { Study } from '../experiments/studies/study.js'
import { packageDirectory } from '../setup/package-paths.js'

/** Folder of each checkpoint; null: none was named. */
export type StudyCheckpoints = Readonly<Record<Start, string | null>>

/**
 * The checkpoints that arms may begin with: those of a folder, else those that are shipped. A configuration of one's own has nothing to do with the latter: its model is the one after SFT.
 * @param parameters.folder holds base, sft and rl
 * @param parameters.own the model of such a configuration
 * @param parameters.early named on its own
 */
export function studyCheckpoints({
  folder,
  own,
  early = null,
}: {
  folder: string | undefined
  own: string | null
  early?: string | null
}): StudyCheckpoints {
  if (folder === undefined && own !== null) return { base: null, early, sft: own, rl: null }
  const from = folder ?? join(packageDirectory(), 'checkpoints', 'mini')
  return { base: join(from, 'base'), early, sft: join(from, 'sft'), rl: join(from, 'rl') }
}

/** Whether a checkpoint is there. */
export async function hasCheckpoint(path: string | null): Promise<boolean> {
  if (path === null) return false
  return isThere(join(path, 'config.json'))
}

/** Folders of the checkpoints that a study begins with; of others, whatever was named. @throws UsageError where one is missing. */
export async function expectCheckpoints({
  study,
  checkpoints,
}: {
  study: Study
  checkpoints: StudyCheckpoints
}): Promise<Readonly<Record<Start, string>>> {
  const needed = new Set(study.arms.map(({ arm }) => arm.start))
  for (const start of STARTS) {
    const path = checkpoints[start]
    if (needed.has(start) && !(await hasCheckpoint(path)))
      throw new UsageError(
        `${start === 'early' ? '--early' : '--checkpoints'}: ${study.name} begins with the checkpoint ${start}, expected ${path ?? 'a folder that holds it'}${path === null ? '' : '/config.json'}, got none (docs/studies.md)`,
      )
  }
  const { base, early, sft, rl } = checkpoints
  return { base: base ?? '', early: early ?? '', sft: sft ?? '', rl: rl ?? '' }
}

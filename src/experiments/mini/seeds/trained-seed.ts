import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isThere } from '../../../config/is-there.js'
import { UsageError } from '../../../core/errors.js'
import { readMiniFigures } from '../mini-figures.js'
import type { MiniStage } from '../mini-stages.js'
import type { StageFigures } from '../stage-figures.js'

/** What one training of the mini experiment came to. */
export interface TrainedSeed {
  readonly label: string
  readonly stages: Readonly<Partial<Record<MiniStage, StageFigures>>>
}

/**
 * Read the figures of a training.
 * @param path folder of `codevision experiment train-mini`, whose `evaluation.json` is taken, or a file of figures; its name, without `.json`, is the label
 * @throws UsageError when there are none, or not of that form.
 */
export async function readTrainedSeed(path: string): Promise<TrainedSeed> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const file = isFolder ? join(path, 'evaluation.json') : path
  if (isFolder && !(await isThere(file)))
    throw new UsageError(
      `${path}: expected the folder of a training that was evaluated, got one without evaluation.json; give its command again (codevision experiment train-mini … --output ${path}), and it goes on`,
    )
  const stages = await readMiniFigures(file)
  return { label: basename(resolve(path), '.json'), stages }
}

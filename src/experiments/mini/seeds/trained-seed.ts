import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
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
 * Read the figures of several trainings.
 * @throws UsageError as {@link readTrainedSeed}; where one is named twice, or they were measured on different numbers of tasks.
 */
export async function readTrainedSeeds(paths: readonly string[]): Promise<TrainedSeed[]> {
  const files = paths.map((path) => resolve(path))
  const twice = files.find((file, at) => files.indexOf(file) < at)
  if (twice !== undefined)
    throw new UsageError(`expected each training once, got ${twice} twice; it would count as two`)
  const seeds = await Promise.all(paths.map(readTrainedSeed))
  const counts = seeds.flatMap(({ label, stages }) =>
    Object.values(stages).map(({ none }) => ({ label, n: none.n })),
  )
  const other = counts.find(({ n }) => n !== counts[0]?.n)
  if (other !== undefined)
    throw new UsageError(
      `expected trainings that were measured on the same tasks, got ${counts[0]?.n} upright ones of ${counts[0]?.label} and ${other.n} of ${other.label}; evaluate them alike (codevision experiment mini --checkpoints DIR --rows N --seed S --json FILE)`,
    )
  return seeds
}

/**
 * Read the figures of a training.
 * @param path folder of `codevision experiment train-mini`, whose `evaluation.json` is taken, or a file of figures; its name, without `.json`, is the label (of an `evaluation.json`, that of its folder)
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
  const name = basename(resolve(path), '.json')
  return { label: name === 'evaluation' ? basename(dirname(resolve(path))) : name, stages }
}

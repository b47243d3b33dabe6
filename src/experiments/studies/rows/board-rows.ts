import { join } from 'node:path'
import { isThere } from '../../../config/is-there.js'
import type { GrpoConfig } from '../../../config/training-schema.js'
import { UsageError } from '../../../core/errors.js'
import type { Transform } from '../../../core/transform.js'
import { parseBoardConfig, type BoardConfig } from '../../../data/card-board/board-config.js'
import { MOST_BOARDS, writeBoards } from '../../../data/card-board/write-boards.js'
import { identityOf } from '../identity.js'
import type { HeldRows, StudyRows } from './study-rows.js'

/** At most so many boards measure an arm while it is trained, before the first step and after each of so many parts. */
const MEASURED_ROWS = 48
const MEASURED_PARTS = 4

/**
 * Boards of the mini world, drawn where they are not there yet. Those of a seed are no other seed's, and none that is learned from is evaluated.
 * @param parameters.folder that holds the boards of all studies
 * @param parameters.evaluated boards of an evaluation
 * @param parameters.write draws them into a folder
 * @throws UsageError where the number of steps is not said, or that of boards is none.
 */
export function boardRows({
  folder,
  training: { steps, batch },
  evaluated,
  write = writeBoards,
}: {
  folder: string
  training: Pick<GrpoConfig['training'], 'steps' | 'batch'>
  evaluated: number
  write?: (boards: { config: BoardConfig; folder: string; rows: number; split: string }) => Promise<string>
}): StudyRows {
  if (steps === undefined)
    throw new UsageError(
      '--steps: expected the steps of an arm, there or in the configuration (training.steps), got neither',
    )
  if (!Number.isInteger(evaluated) || evaluated < 1 || evaluated > MOST_BOARDS)
    throw new UsageError(`--rows: expected a whole number from 1 to ${MOST_BOARDS}, got ${evaluated}`)
  const draw = async ({
    use,
    seed,
    transforms,
    rows,
  }: {
    use: 'train' | 'test' | 'curve'
    seed: number
    transforms: readonly Transform[]
    rows: number
  }): Promise<HeldRows> => {
    const config = parseBoardConfig({ seed: `study/${use}/${seed}`, transforms: [...transforms] })
    const identity = { boards: config, rows }
    const place = join(folder, identityOf(identity))
    const data = join(place, 'rows.parquet')
    if (!(await isThere(data))) await write({ config, folder: place, rows, split: use })
    return { identity, data }
  }
  const most = steps * batch
  return {
    most: () => Promise.resolve(most),
    training: ({ rows, ...asked }) => draw({ ...asked, use: 'train', rows: Math.min(rows ?? most, most) }),
    evaluation: (asked) => draw({ ...asked, use: 'test', rows: evaluated }),
    measured: async (asked) => ({
      ...(await draw({ ...asked, use: 'curve', rows: Math.min(MEASURED_ROWS, evaluated) })),
      every: Math.ceil(steps / MEASURED_PARTS),
    }),
  }
}

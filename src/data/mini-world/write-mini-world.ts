import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isThere } from '../../config/is-there.js'
import { UsageError } from '../../core/errors.js'
import { fileSha256 } from '../file-sha256.js'
import { inStaging } from '../mvtoolbench-build/staging.js'
import { writeParquet, type NewRow } from '../write-parquet.js'
import { drawTasks } from './draw-tasks.js'
import type { MiniTask } from './draw-task.js'
import type { MiniWorldConfig } from './mini-world-config.js'
import { createTally, type PlanTally } from './tally-plans.js'
import { rowName, taskRow } from './task-row.js'

export interface MiniWorldReport {
  config: MiniWorldConfig
  tally: PlanTally
  /** Of rows.parquet. */
  sha256: string
}

const ROWS = 'rows.parquet'
const REPORT = 'report.json'
const CANONICAL = 'canonical'
/** Rows that are held at a time. */
const ROWS_IN_GROUP = 50

/**
 * Draw a mini world into a folder: rows.parquet, report.json and, where wanted, canonical/ with the pictures upright and clean. The same configuration and the same versions of this
 * program give the same bytes. All of it appears at the end together, or nothing does; one row group is held at a time.
 * @throws UsageError when the folder holds a mini world already; StoreError when it cannot be written.
 */
export async function writeMiniWorld({
  config,
  folder,
  keepCanonical = false,
  onRow = () => undefined,
  signal,
}: {
  config: MiniWorldConfig
  folder: string
  keepCanonical?: boolean
  onRow?: (done: number) => void
  signal?: AbortSignal | undefined
}): Promise<{ report: MiniWorldReport; path: string }> {
  const place = resolve(folder)
  for (const name of [ROWS, REPORT, ...(keepCanonical ? [CANONICAL] : [])]) await refuse(join(place, name))
  const report = await inStaging({
    folder: place,
    staging: '.mini-world.partial',
    option: '--out',
    make: async (staging) => {
      const canonical = join(staging, CANONICAL)
      if (keepCanonical) await mkdir(canonical)
      const { tally, add } = createTally()
      const rows = async function* (): AsyncGenerator<NewRow, void> {
        let done = 0
        for await (const task of drawTasks({ config, signal })) {
          add(task.plan)
          if (keepCanonical) await writeCanonical({ task, folder: canonical })
          yield taskRow({ task, config })
          onRow(++done)
        }
      }
      const path = join(staging, ROWS)
      await writeParquet({ path, rows: rows(), rowGroupSize: ROWS_IN_GROUP, columns: 'annotated' })
      const written = { config, tally, sha256: await fileSha256(path) }
      await writeFile(join(staging, REPORT), `${JSON.stringify(written, null, 2)}\n`)
      return written
    },
  })
  return { report, path: join(folder, ROWS) }
}

async function writeCanonical({ task, folder }: { task: MiniTask; folder: string }): Promise<void> {
  for (const [at, picture] of task.pictures.entries())
    await writeFile(join(folder, `${rowName(task.plan.index)}-${at}.png`), await picture.canonical())
}

async function refuse(path: string): Promise<void> {
  if (await isThere(path))
    throw new UsageError(`${path} is there already; remove it, or choose another --out`)
}

import { createHash } from 'node:crypto'
import { UsageError } from '../../core/errors.js'
import type { Suite } from '../../data/load-suite.js'
import type { CurationOptions } from './curation-options.js'
import { drawPlan } from './draw-plan.js'
import { drawSchedule, type ScheduledItem } from './draw-schedule.js'
import { materialOf, type Material } from './material.js'

/** One trajectory that is to be made: small; its plan is drawn when its turn comes. */
export interface SetItem {
  /** Number within the set, from 0: the order in which trajectories are decided. */
  readonly index: number
  readonly taskKey: string
  readonly scheduled: ScheduledItem
}

export interface PlannedSet {
  /** In the order of their rows, so that one pass over the sources serves them. */
  readonly items: readonly SetItem[]
  /** SHA-256 over all plans: a run is resumed with the same ones only. */
  readonly sha256: string
  /** Rows of all sources, and those that offer nothing, by reason. */
  readonly rows: number
  readonly unused: Readonly<Record<string, number>>
  /** What was asked for and cannot be had. */
  readonly notices: readonly string[]
}

/**
 * Read all rows once, without keeping their images, and decide what each trajectory is to be.
 * @throws UsageError when a row is wrong, or none can be used.
 */
export async function planSet({
  sources,
  options,
  maxPixels,
  grid = 1,
  onRow = () => undefined,
  signal,
}: {
  sources: readonly Pick<Suite, 'tasks' | 'path'>[]
  options: CurationOptions
  /** Most pixels of what the model sees. */
  maxPixels: number
  /** Multiple that the sides of images and windows are brought to, where the sandbox would do so to its inputs. */
  grid?: number
  /** Told how many rows were read. */
  onRow?: (done: number) => void
  signal?: AbortSignal | undefined
}): Promise<PlannedSet> {
  const materials: Material[] = []
  const unused: Record<string, number> = {}
  const seen = new Set<string>()
  const notUsed = (reason: string): void => {
    unused[reason] = (unused[reason] ?? 0) + 1
  }
  let rows = 0
  for (const [source, { tasks }] of sources.entries()) {
    for await (const { index, task } of tasks()) {
      signal?.throwIfAborted()
      onRow(++rows)
      if (seen.has(task.key)) {
        notUsed('the row repeats an earlier one')
        continue
      }
      seen.add(task.key)
      const material = await materialOf({ task, source, row: index, maxPixels, grid })
      if (typeof material === 'string') notUsed(reasonOf(material))
      else if (material.pictures.some(({ evidence }) => evidence === 'unclear'))
        notUsed('the evidence is neither legible in the view nor told to be small in it')
      else materials.push(material)
    }
  }
  if (materials.length === 0) throw new UsageError(noMaterial({ sources, unused, rows }))
  const { items: scheduled, notices } = drawSchedule({ materials, options })
  const inOrder = scheduled
    .map((item, drawn) => ({ item, drawn }))
    .sort(
      (a, b) =>
        a.item.material.source - b.item.material.source ||
        a.item.material.row - b.item.material.row ||
        a.drawn - b.drawn,
    )
  const hash = createHash('sha256')
  const items = inOrder.map(({ item }, index): SetItem => {
    const { taskKey } = drawPlan({ item, index, seed: options.seed, maxPixels })
    hash.update(taskKey)
    return { index, taskKey, scheduled: item }
  })
  return { items, sha256: hash.digest('hex'), rows, unused, notices }
}

/** Reasons that differ in their larger numbers alone are one. */
function reasonOf(reason: string): string {
  return reason.replace(/\d{2,}/g, '…').slice(0, 160)
}

function noMaterial({
  sources,
  unused,
  rows,
}: {
  sources: readonly Pick<Suite, 'path'>[]
  unused: Readonly<Record<string, number>>
  rows: number
}): string {
  const reasons = Object.entries(unused).map(([reason, count]) => `${count} × ${reason}`)
  return `${sources.map(({ path }) => path).join(', ')}: expected rows with answer, image and what was applied to it, got none of ${rows} that can be used: ${reasons.join('; ')}`
}

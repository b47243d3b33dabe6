import { z } from 'zod'
import { errorCode } from '../core/error-code.js'
import { areSameStamps, fileStamp, stampOf } from './cache/file-stamp.js'
import { readKept, writeKept } from './cache/kept.js'

/** What planning a run needs to know of a task: its identity and its name. */
export interface PlanEntry {
  key: string
  id: string
  notices: readonly string[]
}

/** Keys and names of a suite's tasks, by index; a task whose row was never read is absent. */
export interface PlanIndex {
  get(index: number): PlanEntry | undefined
  set(index: number, entry: PlanEntry): void
  /** An image file beside the data that an entry depends on. */
  dependOn(path: string): Promise<void>
  /** Keep what was added. */
  save(): Promise<void>
}

/** To be raised when keys, names or notices are made in another way: what was kept before then counts as absent. */
const LAYOUT = 4

const schema = z.object({
  layout: z.literal(LAYOUT),
  entries: z.array(
    z.union([
      z.null(),
      z.tuple([z.string(), z.string()]),
      z.tuple([z.string(), z.string(), z.array(z.string())]),
    ]),
  ),
  files: z.array(z.object({ path: z.string(), stamp: fileStamp })),
})

/**
 * The plan index of a suite, as far as earlier starts have made it: reading gigabytes of rows only to know their keys is done once. What depends on image files
 * that have changed is made again.
 * @param key everything that decides about keys and names: checksum of the data, layout, prompt, seed, orientations
 */
export async function openPlanIndex({ key }: { key: string }): Promise<PlanIndex> {
  const kept = await readKept({ kind: 'plans', key, schema })
  const isFresh = kept !== null && (await areUnchanged(kept.files))
  const entries = new Map<number, PlanEntry>()
  const files = new Map(isFresh ? kept.files.map(({ path, stamp }) => [path, stamp]) : [])
  if (isFresh) {
    for (const [index, entry] of kept.entries.entries()) {
      if (entry !== null) entries.set(index, { key: entry[0], id: entry[1], notices: entry[2] ?? [] })
    }
  }
  let isChanged = false
  let isReliable = true
  return {
    get: (index) => entries.get(index),
    set(index, entry) {
      entries.set(index, entry)
      isChanged = true
    },
    async dependOn(path) {
      if (files.has(path)) return
      const { stamp, isSettled } = await stampOf(path)
      files.set(path, stamp)
      isReliable &&= isSettled
    },
    async save() {
      if (!isChanged || !isReliable) return
      const last = [...entries.keys()].reduce((a, b) => Math.max(a, b), -1)
      const listed = Array.from({ length: last + 1 }, (_, index) => {
        const entry = entries.get(index)
        if (entry === undefined) return null
        return entry.notices.length === 0 ? [entry.key, entry.id] : [entry.key, entry.id, entry.notices]
      })
      await writeKept({
        kind: 'plans',
        key,
        value: {
          layout: LAYOUT,
          entries: listed,
          files: [...files].map(([path, stamp]) => ({ path, stamp })),
        },
      })
    },
  }
}

async function areUnchanged(files: z.output<typeof schema>['files']): Promise<boolean> {
  for (const { path, stamp } of files) {
    const now = await stampOf(path).catch((cause: unknown) => {
      if (errorCode(cause) === null) throw cause
      return null
    })
    if (now === null || !areSameStamps(now.stamp, stamp)) return false
  }
  return true
}

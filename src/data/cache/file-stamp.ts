import { stat } from 'node:fs/promises'
import { z } from 'zod'

/** What tells a file from what it was before without reading it: size, times of change in nanoseconds, inode. */
export const fileStamp = z.object({
  size: z.number(),
  modified: z.string(),
  changed: z.string(),
  inode: z.string(),
})

export type FileStamp = z.output<typeof fileStamp>

/** Clocks of file systems move in steps: a file that was written within this time may be written again without a new time. */
const SETTLED_MS = 100

/** The stamp of a file now, and whether a later change of the file is sure to change it. */
export async function stampOf(path: string): Promise<{ stamp: FileStamp; isSettled: boolean }> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true })
  const latest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  return {
    stamp: { size: Number(size), modified: String(mtimeNs), changed: String(ctimeNs), inode: String(ino) },
    isSettled: Date.now() - Number(latest / 1_000_000n) > SETTLED_MS,
  }
}

export function areSameStamps(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode
}

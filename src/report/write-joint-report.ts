import { dirname, relative, resolve, sep } from 'node:path'
import { makeFolder } from '../config/make-folder.js'
import { UsageError } from '../core/errors.js'
import { openRun } from '../store/open-run.js'
import type { DerivableRun } from '../store/run.js'
import { writeAtomic } from '../store/write-atomic.js'
import type { PageBoot } from './report-data.js'
import { reportPage } from './report-page.js'
import { runNames } from './run-names.js'
import { writeInlineReport } from './write-inline-report.js'
import type { WrittenReport } from './write-report.js'
import { writeRunReport } from './write-run-report.js'

/**
 * Write one page over several runs, in which they can be compared. It reads the chunks and images of the runs where they lie, by their places relative to the page; so each
 * run gets its own report too, and the page must be written anew when one of those is. `inline`: the page holds everything itself.
 * @throws UsageError where a run is given twice, is not there, or a page with everything would be larger than 200 MB; StoreError as for the report of one run; AbortError.
 */
export async function writeJointReport({
  paths,
  file,
  inline = false,
  signal,
}: {
  /** Run folders. */
  paths: readonly string[]
  /** Where the page is written; its folder is made. */
  file: string
  inline?: boolean
  signal?: AbortSignal
}): Promise<WrittenReport> {
  const folders = paths.map((path) => resolve(path))
  const twice = folders.find((path, index) => folders.indexOf(path) !== index)
  if (twice !== undefined)
    throw new UsageError(`${twice}: expected different runs for one page, got this one twice`)
  const target = resolve(file)
  await makeFolder(dirname(target), '--out')
  return inline ? writeInline({ paths, file: target, signal }) : writeLinked({ paths, file: target, signal })
}

interface Joint {
  paths: readonly string[]
  /** Absolute. */
  file: string
  signal: AbortSignal | undefined
}

async function writeInline({ paths, file, signal }: Joint): Promise<WrittenReport> {
  const runs: DerivableRun[] = []
  try {
    for (const path of paths) runs.push(await openRun({ path, mode: 'derive' }))
    return await writeInlineReport({ runs, file, signal })
  } finally {
    for (const run of runs) await run.close()
  }
}

async function writeLinked({ paths, file, signal }: Joint): Promise<WrittenReport> {
  const names = runNames(paths)
  const boot: PageBoot = { isInline: false, runs: [] }
  let [samples, bytes] = [0, 0]
  for (const [position, path] of paths.entries()) {
    const run = await openRun({ path, mode: 'derive' })
    try {
      const written = await writeRunReport({ run, signal })
      samples += written.samples
      bytes += written.bytes
      const base = addressOf({ folder: run.path, from: dirname(file) })
      boot.runs.push({ name: names[position] ?? '', base, index: written.index })
    } finally {
      await run.close()
    }
  }
  const { head, tail } = await reportPage({ title: `${names.join(', ')} · CodeVision`, boot })
  const data = head + tail
  await writeAtomic({ path: file, data, advice: 'choose another file (--out)' })
  return { file, samples, bytes: bytes + Buffer.byteLength(data) }
}

/** A folder as an address relative to another one, with a stroke behind it; empty where they are the same. */
function addressOf({ folder, from }: { folder: string; from: string }): string {
  const parts = relative(from, folder).split(sep).filter(Boolean)
  return parts.map((part) => `${encodeURIComponent(part)}/`).join('')
}

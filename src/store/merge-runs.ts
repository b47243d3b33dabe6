import { copyFile, link, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import PQueue from 'p-queue'
import { isThere } from '../config/is-there.js'
import { errorCode } from '../core/error-code.js'
import { StoreError, UsageError } from '../core/errors.js'
import { chooseSamples, type Chosen, type Source } from './choose-samples.js'
import { indexJournal, JOURNAL_FILE } from './journal.js'
import { takeLock } from './lock.js'
import { makeFolder } from '../config/make-folder.js'
import { SCHEMA_VERSION, type NewManifest } from './manifest.js'
import { openRun } from './open-run.js'
import type { DerivableRun, Run } from './run.js'
import { syncDirectory, writeAtomic } from './write-atomic.js'

export interface MergedRuns<Derived> {
  /** The new folder, absolute. */
  path: string
  /** Samples taken from each run, in the order of the runs. */
  taken: readonly number[]
  /** Keys of samples that two runs finished differently: the one of the earlier run was taken. */
  conflicts: readonly string[]
  derived: Derived
}

const LINKS_AT_ONCE = 16

/**
 * Put runs together into one new run folder: every sample once (see {@link chooseSamples}), images hard-linked where the file system can, the lines
 * of `lineFiles` one run after the other. The folder appears whole or not at all; what a killed merge leaves beside it ends in `.merging` and is
 * removed by the next one.
 *
 * @param parameters.manifestOf what the union is; to throw where the runs do not belong together.
 * @param parameters.derive writes what follows from the samples, before the folder appears.
 * @throws UsageError for runs that are none or given twice, or an output that is there; StoreError when a run is being written or the disk is full.
 */
export async function mergeRuns<Derived>({
  paths,
  output,
  lineFiles,
  manifestOf,
  derive,
}: {
  paths: readonly string[]
  output: string
  lineFiles: readonly string[]
  manifestOf: (runs: readonly DerivableRun[]) => NewManifest
  derive: (run: Run) => Promise<Derived>
}): Promise<MergedRuns<Derived>> {
  const path = resolve(output)
  const folders = paths.map((each) => resolve(each))
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice: name every run once`)
  if (await isThere(path))
    throw new UsageError(`${path} is there already: choose another folder (--output), or remove it`)
  await makeFolder(dirname(path))
  const lock = await takeLock(`${path}.merging.json`)
  const partial = `${path}.merging`
  const runs: DerivableRun[] = []
  try {
    await rm(partial, { recursive: true, force: true })
    for (const folder of folders) runs.push(await openRun({ path: folder, mode: 'derive' }))
    const manifest = manifestOf(runs)
    const sources = await Promise.all(runs.map(sourceOf))
    const { chosen, conflicts } = await chooseSamples(sources)
    await makeFolder(partial)
    await writeJournal({ path: join(partial, JOURNAL_FILE), chosen })
    await shareImages({ runs, folder: join(partial, 'images') })
    for (const name of lineFiles) await joinLines({ runs, name, path: join(partial, name) })
    // Last of what makes a folder a run.
    await writeManifest({ path: join(partial, 'manifest.json'), manifest })
    const run = await openRun({ path: partial, mode: 'append' })
    let derived: Derived
    try {
      derived = await derive(run)
    } finally {
      await run.close()
    }
    await rename(partial, path)
    await syncDirectory(dirname(path))
    const taken = sources.map((source) => chosen.filter((each) => each.source === source).length)
    return { path, taken, conflicts, derived }
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    throw cause
  } finally {
    for (const run of runs) await run.close()
    await lock.release()
  }
}

async function sourceOf({ path }: DerivableRun): Promise<Source> {
  const journal = join(path, JOURNAL_FILE)
  return { journal, index: (await isThere(journal)) ? await indexJournal(journal) : new Map<never, never>() }
}

/** The chosen lines as they are, one run after the other. */
async function writeJournal({ path, chosen }: { path: string; chosen: readonly Chosen[] }): Promise<void> {
  const target = await open(path, 'wx')
  try {
    for (const source of new Set(chosen.map((each) => each.source))) {
      const handle = await open(source.journal, 'r')
      try {
        for (const { place } of chosen.filter((each) => each.source === source)) {
          const line = Buffer.alloc(place.length + 1, '\n')
          await handle.read(line, 0, place.length, place.offset)
          await target.appendFile(line)
        }
      } finally {
        await handle.close()
      }
    }
    await target.sync()
  } catch (cause) {
    throw new StoreError(`${path} could not be written: ${String(cause)}; free space, then merge again`, {
      cause,
    })
  } finally {
    await target.close()
  }
}

/** Every image once: a link to the same file, or a copy where the file system has no such links. */
async function shareImages({
  runs,
  folder,
}: {
  runs: readonly DerivableRun[]
  folder: string
}): Promise<void> {
  await makeFolder(folder)
  const queue = new PQueue({ concurrency: LINKS_AT_ONCE })
  const seen = new Set<string>()
  for (const { path } of runs) {
    const images = join(path, 'images')
    for (const name of await namesIn(images)) {
      if (!/^[0-9a-f]{64}\.png$/.test(name) || seen.has(name)) continue
      seen.add(name)
      await queue.onSizeLessThan(LINKS_AT_ONCE)
      void queue.add(() => share({ from: join(images, name), to: join(folder, name) })).catch(() => undefined)
    }
  }
  await queue.onIdle()
  const missing = [...seen].length - (await namesIn(folder)).length
  if (missing !== 0)
    throw new StoreError(
      `${folder}: ${missing} of ${seen.size} images could neither be linked nor copied; free space or permissions, then merge again`,
    )
  await syncDirectory(folder)
}

async function share({ from, to }: { from: string; to: string }): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errorCode(error) ?? ''))
      throw error
    await copyFile(from, to)
    const handle = await open(to, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw new StoreError(`${folder}: expected a folder; ${String(error)}`, { cause: error })
  })
}

async function joinLines({
  runs,
  name,
  path,
}: {
  runs: readonly DerivableRun[]
  name: string
  path: string
}): Promise<void> {
  const lines = (await Promise.all(runs.map((run) => run.readLines(name)))).flat()
  if (lines.length === 0) return
  await writeAtomic({ path, data: lines.map((line) => `\n${JSON.stringify(line)}`).join('') })
}

async function writeManifest({ path, manifest }: { path: string; manifest: NewManifest }): Promise<void> {
  const value = { schemaVersion: SCHEMA_VERSION, createdAt: new Date().toISOString(), ...manifest }
  await writeAtomic({ path, data: `${JSON.stringify(value, null, 2)}\n` })
}

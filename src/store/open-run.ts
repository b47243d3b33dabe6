import { dirname, join, resolve } from 'node:path'
import { isThere } from '../config/is-there.js'
import type { Sample } from '../core/sample.js'
import { expectIdentity } from './expect-identity.js'
import { expectNoRun } from './expect-no-run.js'
import { BEGIN_IT, expectRun } from './expect-run.js'
import { imageStore } from './image-store.js'
import {
  indexJournal,
  JOURNAL_FILE,
  latestSamples,
  openJournal,
  readSampleAt,
  type JournalIndex,
} from './journal.js'
import { appendLine, readLines } from './lines.js'
import { LOCK_FILE, takeLock } from './lock.js'
import { makeFolder } from '../config/make-folder.js'
import { MANIFEST_FILE, readManifest, SCHEMA_VERSION, type NewManifest } from './manifest.js'
import { redact } from './redact.js'
import type { DerivableRun, Run, RunReader } from './run.js'
import { removePartials, writeAtomic } from './write-atomic.js'

/** `create` makes a new folder; `resume` goes on with one of the same identity; `append` goes on with what is there. */
export type OpenRun =
  | {
      path: string
      mode: 'create' | 'resume'
      manifest: NewManifest
      secrets?: readonly string[]
      /** Parts of the identity, such as `dataset.questions`, that runs of older versions lack, which are resumed all the same. */
      newer?: readonly string[]
    }
  | { path: string; mode: 'append' }

/**
 * Open a run folder: to write it (`create`, `resume`, `append`) or files that follow from it (`derive`), which takes its lock, or to `read` it.
 * @throws UsageError when there is a run already (`create`), or none (the others), or it was made with another configuration or data set (`resume`).
 * @throws StoreError when another process writes it, it is damaged or of a later version, or its disk is full or not writable.
 */
export function openRun(options: { path: string; mode: 'read' }): Promise<RunReader>
export function openRun(options: { path: string; mode: 'derive' }): Promise<DerivableRun>
export function openRun(options: OpenRun): Promise<Run>
export function openRun(
  options: OpenRun | { path: string; mode: 'read' | 'derive' },
): Promise<Run | DerivableRun | RunReader> {
  const path = resolve(options.path)
  switch (options.mode) {
    case 'read':
      return openReader(path)
    case 'derive':
      return openDerivable(path)
    default:
      return openWriter({ ...options, path })
  }
}

async function openReader(path: string): Promise<RunReader> {
  await expectRun(path)
  const journal = join(path, JOURNAL_FILE)
  let places: Promise<JournalIndex> | null = null
  return {
    path,
    manifest: await readManifest(join(path, MANIFEST_FILE)),
    images: imageStore(join(path, 'images')),
    samples: () => samplesOf(journal),
    readLines: (name) => readLines(join(path, name)),
    async find(key) {
      places ??= isThere(journal).then((hasJournal) =>
        hasJournal ? indexJournal(journal) : new Map<never, never>(),
      )
      const place = (await places).get(key)
      return place && readSampleAt({ path: journal, place })
    },
  }
}

async function openDerivable(path: string): Promise<DerivableRun> {
  await expectRun(path)
  const lock = await takeLock(join(path, LOCK_FILE))
  try {
    return { ...(await openReader(path)), ...derivedFiles(path), close: () => lock.release() }
  } catch (cause) {
    await lock.release()
    throw cause
  }
}

function derivedFiles(path: string): Pick<DerivableRun, 'writeJson' | 'writeLines' | 'writeText'> {
  const write = async (name: string, data: string): Promise<void> => {
    const file = join(path, name)
    await makeFolder(dirname(file))
    await writeAtomic({ path: file, data })
  }
  return {
    writeText: write,
    writeJson: (name, value) => write(name, `${JSON.stringify(value, null, 2)}\n`),
    writeLines: (name, values) => write(name, values.map((value) => `${JSON.stringify(value)}\n`).join('')),
  }
}

async function openWriter(options: OpenRun): Promise<Run> {
  const { path } = options
  if (options.mode === 'create') {
    await expectNoRun(path)
    await makeFolder(path)
  } else await expectRun(path, options.mode === 'resume' ? BEGIN_IT : '')
  const lock = await takeLock(join(path, LOCK_FILE))
  try {
    for (const folder of [path, join(path, 'images'), join(path, 'rewards')]) await removePartials(folder)
    if (options.mode === 'create') await writeManifest(options)
    const reader = await openReader(path)
    if (options.mode === 'resume') {
      const { manifest, secrets, newer } = options
      expectIdentity({ path, recorded: reader.manifest.identity, now: manifest.identity, secrets, newer })
    }
    const file = join(path, JOURNAL_FILE)
    const journal = await openJournal(file, { mayWrite: () => lock.check() })
    return {
      ...reader,
      // The journal knows its lines since it was opened: nothing is read twice.
      samples: () => latestSamples(file, new Map(journal.index)),
      states: () => [...journal.index.values()].map(({ state }) => state),
      async find(key) {
        const place = journal.index.get(key)
        return place && readSampleAt({ path: file, place })
      },
      images: imageStore(join(path, 'images')),
      append: (sample) => journal.append(sample),
      appendLine: (name, value) => appendLine({ path: join(path, name), value }),
      ...derivedFiles(path),
      async close() {
        try {
          await journal.close()
        } finally {
          await lock.release()
        }
      },
    }
  } catch (cause) {
    await lock.release()
    throw cause
  }
}

async function* samplesOf(journal: string): AsyncGenerator<Sample> {
  if (await isThere(journal)) yield* latestSamples(journal)
}

async function writeManifest({
  path,
  manifest,
  secrets = [],
}: Extract<OpenRun, { manifest: NewManifest }>): Promise<void> {
  const value = {
    schemaVersion: SCHEMA_VERSION,
    createdAt: new Date().toISOString(),
    ...redact({ value: manifest, secrets }),
  }
  await writeAtomic({ path: join(path, MANIFEST_FILE), data: `${JSON.stringify(value, null, 2)}\n` })
}

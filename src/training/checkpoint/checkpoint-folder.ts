import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../config/make-folder.js'
import { errorCode } from '../../core/error-code.js'
import { StoreError } from '../../core/errors.js'
import { syncDirectory, writeAtomic } from '../../store/write-atomic.js'
import { checkpointState, type CheckpointState } from './checkpoint-state.js'

export interface Checkpoint {
  /** The folder that holds it. */
  readonly path: string
  /** What the policy saved. */
  readonly policy: string
  readonly state: CheckpointState
}

/** The checkpoints of a run, each a folder `step-…` that is there whole or not at all. */
export interface CheckpointFolder {
  /** Of the most steps; null where there is none. @throws StoreError for one that is damaged. */
  latest(): Promise<Checkpoint | null>
  /** Write one, and remove the oldest beyond those that are kept. */
  write(checkpoint: {
    state: CheckpointState
    savePolicy: (directory: string) => Promise<void>
  }): Promise<Checkpoint>
}

const STATE = 'state.json'
const NAME = /^step-(\d{6,})$/

/** @param parameters.keep how many of the newest are kept, at least 1. What a killed writer left is removed. */
export async function openCheckpointFolder({
  path,
  keep,
}: {
  path: string
  keep: number
}): Promise<CheckpointFolder> {
  await makeFolder(path)
  for (const name of await readdir(path))
    if (name.endsWith('.partial')) await rm(join(path, name), { recursive: true, force: true })
  return {
    latest: () => latestCheckpoint(path),
    async write({ state, savePolicy }) {
      const folder = join(path, nameOf(state.step))
      const partial = `${folder}.partial`
      try {
        await rm(partial, { recursive: true, force: true })
        await mkdir(partial)
        await savePolicy(join(partial, 'policy'))
        await syncTree(partial)
        await writeAtomic({ path: join(partial, STATE), data: `${JSON.stringify(state, null, 2)}\n` })
        await rm(folder, { recursive: true, force: true })
        await rename(partial, folder)
        await syncDirectory(path)
      } catch (cause) {
        await rm(partial, { recursive: true, force: true })
        // Whoever wrote a folder in it may advise another one: here the run is resumed.
        const reason = cause instanceof StoreError ? cause.cause : cause
        if (errorCode(reason) === null) throw cause
        throw new StoreError(
          `${folder} could not be written: ${String(reason)}; free space or permissions, then resume the run`,
          { cause },
        )
      }
      const steps = await stepsIn(path)
      for (const step of steps.slice(0, Math.max(0, steps.length - Math.max(1, keep))))
        await rm(join(path, nameOf(step)), { recursive: true, force: true })
      return { path: folder, policy: join(folder, 'policy'), state }
    },
  }
}

/** That of the most steps in a folder, which is read only; null where there is none, or no folder. @throws StoreError for one that is damaged. */
export async function latestCheckpoint(path: string): Promise<Checkpoint | null> {
  const newest = (await stepsIn(path)).at(-1)
  return newest === undefined ? null : readCheckpoint(join(path, nameOf(newest)))
}

/** @throws StoreError when the folder holds no checkpoint, or one of a later version. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = join(path, STATE)
  try {
    const state = checkpointState.parse(JSON.parse(await readFile(file, 'utf8')))
    return { path, policy: join(path, 'policy'), state }
  } catch (cause) {
    throw new StoreError(
      `${file}: expected the state of a checkpoint of this version; ${String(cause)}; remove ${path} to go on from the one before`,
      { cause },
    )
  }
}

function nameOf(step: number): string {
  return `step-${String(step).padStart(6, '0')}`
}

/** Ascending. */
async function stepsIn(path: string): Promise<number[]> {
  const names = await readdir(path).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return []
    throw cause
  })
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/** A folder counts once it is renamed; what lies in it must be on the disk by then. */
async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const handle = await open(join(entry.parentPath, entry.name), 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
  await syncDirectory(path)
}

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../../core/error-code.js'
import { readCheckpoint } from '../../../training/checkpoint/checkpoint-folder.js'
import { CHECKPOINTS_FOLDER } from '../../../training/loop/train-loop.js'

/** The policy that a training ended with, a folder; null where it has not ended, or not begun. @throws StoreError for a checkpoint that is damaged. */
export async function finishedPolicy(run: string): Promise<string | null> {
  const folder = join(run, CHECKPOINTS_FOLDER)
  const names = await readdir(folder).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return []
    throw cause
  })
  const newest = names
    .filter((name) => /^step-\d+$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
    .at(-1)
  if (newest === undefined) return null
  const { policy, state } = await readCheckpoint(join(folder, newest))
  return state.step >= state.totalSteps ? policy : null
}

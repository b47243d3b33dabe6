import { join } from 'node:path'
import { latestCheckpoint } from '../../../training/checkpoint/checkpoint-folder.js'
import { CHECKPOINTS_FOLDER } from '../../../training/loop/train-loop.js'

/** The policy that a training ended with, a folder; null where it has not ended, or not begun. @throws StoreError for a checkpoint that is damaged. */
export async function finishedPolicy(run: string): Promise<string | null> {
  const latest = await latestCheckpoint(join(run, CHECKPOINTS_FOLDER))
  if (latest === null) return null
  const { policy, state } = latest
  return state.step >= state.totalSteps ? policy : null
}

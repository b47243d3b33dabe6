import { trainingProgress } from '../../../training/loop/training-progress.js'

/** The policy that a training ended with, a folder; null where it has not ended, or not begun. @throws StoreError for a checkpoint that is damaged. */
export async function finishedPolicy(run: string): Promise<string | null> {
  const progress = await trainingProgress(run)
  return progress?.isOver === true ? progress.checkpoint.policy : null
}

import type { RewardConfig } from '../config/reward-schema.js'
import { openSandboxPool } from '../wiring.js'
import { rewardRun } from './reward-run.js'

/**
 * Reward runs and print the tables of each; a sandbox is started where calls are read from their text.
 * @returns whether every run is complete.
 */
export async function rewardRuns({
  paths,
  reward,
  disagreements,
}: {
  paths: readonly string[]
  reward: RewardConfig
  disagreements: boolean
}): Promise<boolean> {
  const readsText = reward.analysis === 'static' || disagreements
  const sandbox = readsText
    ? await openSandboxPool({ standby: false, onWarning: (message) => console.error(message) })
    : null
  try {
    let isComplete = true
    for (const path of paths) {
      const summary = await rewardRun({ path, reward, analyzer: sandbox })
      isComplete &&= summary.isComplete
    }
    return isComplete
  } finally {
    await sandbox?.close()
  }
}

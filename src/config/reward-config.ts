import { z } from 'zod'
import { checkYaml, readYaml } from './read-yaml.js'
import { rewardSchema, type RewardConfig } from './reward-schema.js'

const file = z.looseObject({ reward: rewardSchema })

/**
 * The `reward:` block of a YAML file, with every default filled in. Other blocks of the file are not looked at.
 * @throws UsageError naming file, line and key, what was expected and what came.
 */
export async function loadRewardConfig(path: string): Promise<RewardConfig> {
  return checkYaml({ file: await readYaml(path), schema: file }).reward
}

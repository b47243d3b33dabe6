import { z } from 'zod'
import { UsageError } from '../core/errors.js'
import { explainIssues } from './explain-issues.js'
import { readExtendedYaml } from './read-extended-yaml.js'
import { checkYaml } from './read-yaml.js'
import { rewardSchema, type RewardConfig } from './reward-schema.js'

const file = z.looseObject({ reward: rewardSchema })

/** What the command line says; it wins over the file. */
export type RewardOverrides = Partial<Pick<RewardConfig, 'analysis'>> & { without?: readonly string[] }

/**
 * The `reward:` block of a YAML file and those that it extends, with every default filled in. Other blocks of the file are not looked at.
 * @throws UsageError naming file, line and key, what was expected and what came.
 */
export async function loadRewardConfig(
  path: string,
  { overrides = {} }: { overrides?: RewardOverrides } = {},
): Promise<RewardConfig> {
  const { reward } = checkYaml({ file: await readExtendedYaml(path), schema: file })
  return parseReward({ ...reward, ...overrides }, { where: 'command line' })
}

/**
 * Parameters of a reward, with every default filled in.
 * @param options.where they come from, for the error.
 * @throws UsageError that lists every value that is wrong: what was expected, what came.
 */
export function parseReward(value: unknown, { where = 'reward' }: { where?: string } = {}): RewardConfig {
  const result = rewardSchema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  throw new UsageError(
    explainIssues({ error: result.error, schema: rewardSchema, where: () => where }).join('\n'),
  )
}

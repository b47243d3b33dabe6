import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { UsageError } from '../core/errors.js'
import { readExtendedYaml } from './read-extended-yaml.js'
import { checkYaml, type YamlFile } from './read-yaml.js'
import { sandboxBeside } from './sandbox-beside.js'
import { grpoSchema, type GrpoConfig } from './training-schema.js'

/** What of a training by GRPO says what its rollouts are; other blocks of the file are not looked at. */
const episodeSchema = grpoSchema
  .pick({
    ...{ suite: true, data: true, transforms: true, limit: true, seed: true },
    ...{ sandbox: true, agent: true, judge: true, scoring: true, reward: true },
  })
  .strip()

/** Tasks, rules and rewards of episodes, with every default filled in and every path absolute or relative to the working directory. */
export type EpisodeConfig = Pick<GrpoConfig, keyof z.output<typeof episodeSchema>>

/** What the command line says; it wins over the file. Paths are relative to the working directory. */
export interface EpisodeOverrides {
  data?: string | undefined
  limit?: string | undefined
}

/**
 * Configuration of an environment: defaults < YAML file < command line. A configuration of `train grpo` is one: its episodes are the rollouts of that training.
 * Paths in the file are relative to the file.
 * @throws UsageError naming file, line and key, what was expected and what came, and where nothing says which tasks there are.
 */
export async function loadEpisodeConfig({
  path,
  overrides,
}: {
  /** Null: options only. */
  path: string | null
  overrides: EpisodeOverrides
}): Promise<EpisodeConfig> {
  const file = withOverrides({ file: path === null ? nothing : await readExtendedYaml(path), overrides })
  const checked = checkYaml({ file, schema: episodeSchema, overrides })
  const { data, suite, agent, sandbox } = checked
  if (data === undefined && suite === undefined)
    throw new UsageError(
      'Expected tasks: --data FILE.parquet, or a configuration (--config) with `data` or `suite`; got neither.',
    )
  const beside = (name: string, ...key: string[]): string => resolve(dirname(file.sourceOf(key)), name)
  return {
    ...checked,
    ...(data !== undefined && { data: overrides.data ?? beside(data, 'data') }),
    ...(suite !== undefined && /\.ya?ml$/.test(suite) && { suite: beside(suite, 'suite') }),
    agent: {
      ...agent,
      feedback: agent.feedback ?? sandbox.profile,
      ...(agent.systemPrompt !== undefined && {
        systemPrompt: beside(agent.systemPrompt, 'agent', 'systemPrompt'),
      }),
      ...(agent.toolDescription !== undefined && {
        toolDescription: beside(agent.toolDescription, 'agent', 'toolDescription'),
      }),
    },
    sandbox: sandboxBeside({ sandbox, beside: (name) => beside(name, 'sandbox', 'runtime', 'socket') }),
  }
}

const nothing: YamlFile = { path: 'options', value: {}, lineOf: () => null, sourceOf: () => '.' }

function withOverrides({ file, overrides }: { file: YamlFile; overrides: EpisodeOverrides }): YamlFile {
  if (typeof file.value !== 'object' || file.value === null) return file
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined))
  return { ...file, value: { ...file.value, ...given } }
}

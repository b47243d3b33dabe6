import { mergeLines } from '../shards/shard-script.js'
import type { ShardedCommand } from '../shards/sharded-command.js'
import { batchHead } from './batch-head.js'
import { checkSettings } from './check-settings.js'
import { shardsScript } from './shards-script.js'
import type { SlurmSettings } from './slurm-settings.js'
import { submitScript } from './submit-script.js'

/** What a merge takes of its node: it reads journals. */
const MERGE = { cpus: 1, memory: 4 }

/**
 * An evaluation in shards as jobs of Slurm: `shards.sbatch`, an array with a task for each; `merge.sbatch`, which puts them together; and `submit.sh`, which submits
 * both, the second to begin when all of the first have succeeded.
 * @throws UsageError for a command or settings that cannot be run so
 */
export function slurmFiles({
  command,
  settings,
}: {
  command: ShardedCommand
  settings: SlurmSettings
}): Record<string, string> {
  checkSettings({ command, settings })
  return {
    'shards.sbatch': shardsScript({ command, settings }),
    'merge.sbatch': mergeScript(command, settings),
    'submit.sh': submitScript(command),
  }
}

function mergeScript(command: ShardedCommand, settings: SlurmSettings): string {
  const head = batchHead({
    job: `${command.name}-merge`,
    settings: { ...settings, ...MERGE },
    options: ['--requeue', '--open-mode=append'],
  })
  return `${head.join('\n')}\n\n${mergeLines(command).join('\n')}\n`
}

import { dirname, join } from 'node:path'
import { mergedPath, mergeWords } from '../shards/shard-script.js'
import type { ShardedCommand } from '../shards/sharded-command.js'
import { shellWord } from '../../core/shell-word.js'
import { batchHead } from './batch-head.js'
import { shardsScript } from './shards-script.js'
import { checkSettings, type SlurmSettings } from './slurm-settings.js'

/** What a merge takes of its node: it reads journals. */
const MERGE = { cpus: 1, memory: 4 }

/**
 * An evaluation in shards as jobs of Slurm: `shards.sbatch`, an array with a task for each; `merge.sbatch`, which puts them together; and `submit.sh`, which submits
 * both, the second to begin when all of the first have succeeded.
 * @throws UsageError for settings that Slurm would refuse
 */
export function slurmFiles({
  command,
  settings,
}: {
  command: ShardedCommand
  settings: SlurmSettings
}): Record<string, string> {
  checkSettings(settings)
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
  return `${head.join('\n')}\n\nexec ${mergeWords(command).map(shellWord).join(' ')}\n`
}

function submitScript(command: ShardedCommand): string {
  const merged = mergedPath(command)
  const logs = join(dirname(merged), `${command.name}-logs`)
  // Of a path a percent sign would be read as a pattern.
  const log = (pattern: string): string => shellWord(`${logs.replaceAll('%', '%%')}/${pattern}`)
  return `#!/usr/bin/env bash
# The array of shards, and their merge when all have succeeded:  ./submit.sh [OPTION OF SBATCH…]   such as --partition NAME --account NAME
# Relative paths in the command are those of the folder in which this is called. Called again later, what is finished stays.
set -euo pipefail
here=$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)
if [ -e ${shellWord(merged)} ]; then
  echo ${shellWord(`${merged}: expected nothing there, since the merged run goes there. Remove it, or make these files for another --name.`)} >&2
  exit 2
fi
mkdir -p ${shellWord(logs)}
shards=$(sbatch --parsable --output ${log('shard-%a-%A.log')} "$@" "$here/shards.sbatch")
shards=\${shards%%;*}
merge=$(sbatch --parsable --output ${log('merge-%j.log')} --dependency "afterok:$shards" --kill-on-invalid-dep=yes "$@" "$here/merge.sbatch")
echo "Submitted: shards $shards, merge \${merge%%;*}. Logs: "${shellWord(logs)}
echo "Should a shard fail, the merge is cancelled; this script, called again, does the rest."
`
}

import { dirname, join } from 'node:path'
import { shellWord } from '../../core/shell-word.js'
import { mergedPath, refusalLines } from '../shards/shard-script.js'
import type { ShardedCommand } from '../shards/sharded-command.js'

/** The script that submits the array of shards, and their merge to begin when all have succeeded. What it is given goes to both; dependencies and GPUs are those of the shards. */
export function submitScript(command: ShardedCommand): string {
  const logs = join(dirname(mergedPath(command)), `${command.name}-logs`)
  // Of a path a percent sign would be read as a pattern.
  const log = (pattern: string): string => shellWord(`${logs.replaceAll('%', '%%')}/${pattern}`)
  return `#!/usr/bin/env bash
# The array of shards, and their merge when all have succeeded:  ./submit.sh [OPTION OF SBATCH…]   such as --partition NAME --account NAME
# Relative paths in the command are those of the folder in which this is called. Called again later, what is finished stays.
set -euo pipefail
here=$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)
${refusalLines(command).join('\n')}

# The merge waits for the shards alone, and takes no GPUs.
merge_options=() value_of=''
for word in "$@"; do
  if [ -n "$value_of" ]; then
    value_of=''
    continue
  fi
  case $word in
    -a* | --array | --array=*)
      echo "$word: expected none, since the array is that of the shards. Make these files with another --shards." >&2
      exit 2
      ;;
    --dependency=* | --gres=* | --gres-flags=* | --gpus=* | --gpus-*=* | --gpu-*=* | --*-per-gpu=* | -d?* | -G?*) ;;
    --dependency | --gres | --gres-flags | --gpus | --gpus-* | --gpu-* | --*-per-gpu | -d | -G) value_of=$word ;;
    *) merge_options+=("$word") ;;
  esac
done

mkdir -p ${shellWord(logs)}
# Of options that come twice the last one counts: these are.
shards=$(sbatch "$@" --parsable --output ${log('shard-%a-%A.log')} "$here/shards.sbatch")
shards=\${shards%%;*}
merge=$(sbatch \${merge_options[@]+"\${merge_options[@]}"} --parsable --output ${log('merge-%j.log')} --dependency "afterok:$shards" --kill-on-invalid-dep=yes "$here/merge.sbatch")
echo "Submitted: shards $shards, merge \${merge%%;*}. Logs: "${shellWord(logs)}
echo "Should a shard fail, the merge is cancelled; this script, called again, does the rest."
`
}

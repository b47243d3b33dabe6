import { PAUSES } from '../shards/pauses.js'
import { resumeVariable, shardLine, shardVariables } from '../shards/shard-script.js'
import type { ShardedCommand } from '../shards/sharded-command.js'
import { batchHead } from './batch-head.js'
import type { SlurmSettings } from './slurm-settings.js'
import { WARNING_SECONDS } from './time-limit.js'

/** How often a task that its limit ended is put back into the queue. */
const RETURNS = 50
/** Before anything that takes time: a signal would end the task, which then were not put back. */
const TRAPS = `evaluation='' ending=''

# Slurm tells the shell, and the shell the evaluation, which lets its running samples end.
# shellcheck disable=SC2317 # Signals call it.
end() {
  ending=$1
  [ -z "$evaluation" ] || kill -TERM "$evaluation" 2>/dev/null || true
}
trap 'end limit' USR1
trap 'end told' TERM
`

/**
 * The array of an evaluation, a task for each shard. What the limit of a task, a lost node or preemption ends goes back into the queue and goes on with its run; what
 * `scancel` ends stays ended.
 */
export function shardsScript({
  command,
  settings,
}: {
  command: ShardedCommand
  settings: SlurmSettings
}): string {
  const { name, shards } = command
  const options = [
    `--array=0-${shards - 1}%${Math.min(settings.parallelism, shards)}`,
    ...['--requeue', '--open-mode=append', `--signal=B:USR1@${WARNING_SECONDS}`],
  ]
  const head = batchHead({ job: `${name}-shards`, settings, options, traps: ['', TRAPS] })
  return `${head.join('\n')}

${shardVariables(command, 'SLURM_ARRAY_TASK_ID').join('\n')}

for pause in ${PAUSES.join(' ')}; do
  sleep "$pause"
  [ -z "$ending" ] || break
  ${resumeVariable(command).join('\n  ')}
  ${shardLine(command)} &
  evaluation=$!
  # A signal ends the waiting and not what is waited for.
  while :; do
    code=0
    wait "$evaluation" || code=$?
    kill -0 "$evaluation" 2>/dev/null || break
  done
  evaluation=''
  [ -z "$ending" ] || break
  case $code in
    0 | 2) break ;;
  esac
done

if [ "$ending" = limit ] && [ "\${code:-1}" != 0 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${RETURNS} ]; then
  echo "Shard $shard of ${shards} is near its time limit and goes back into the queue."
  scontrol requeue "$SLURM_JOB_ID"
  # Slurm ends this script.
  sleep 60
fi
exit "\${code:-1}"
`
}

import type { SlurmSettings } from './slurm-settings.js'

/** The head of a batch script: what Slurm reads, and what is done before the program. */
export function batchHead({
  job,
  settings: { cpus, memory, time, prepare },
  options,
  traps = [],
}: {
  /** Its name. */
  job: string
  settings: Pick<SlurmSettings, 'cpus' | 'memory' | 'time' | 'prepare'>
  options: readonly string[]
  /** Lines of shell before what is prepared, which may take long. */
  traps?: readonly string[]
}): string[] {
  const all = [
    ...[`--job-name=${job}`, '--ntasks=1', `--cpus-per-task=${cpus}`],
    `--mem=${Math.ceil(memory * 1024)}M`,
    ...(time === null ? [] : [`--time=${time}`]),
    ...options,
  ]
  return [
    '#!/bin/bash',
    ...all.map((option) => `#SBATCH ${option}`),
    '# By submit.sh, which names the logs and orders both jobs.',
    ...traps,
    ...(prepare === null ? [] : [prepare]),
    'set -euo pipefail',
  ]
}

import { UsageError } from '../../core/errors.js'

/** What tasks of the array are given, beside the command. */
export interface SlurmSettings {
  /** Tasks at the same time. */
  parallelism: number
  /** CPUs and GiB of each task. */
  cpus: number
  memory: number
  /** Limit of each task as Slurm writes it, `8:00:00`; null: that of the partition. */
  time: string | null
  /** A line of shell before the program, such as `module load node`; null: none. */
  prepare: string | null
}

/** Minutes, minutes:seconds, hours:minutes:seconds, or any of the last two behind days and a hyphen. */
const TIME = /^(?:\d+|\d+:\d\d|\d+:\d\d:\d\d|\d+-\d+(?::\d\d){0,2})$/

/** @throws UsageError for what Slurm would refuse. */
export function checkSettings({ parallelism, cpus, memory, time, prepare }: SlurmSettings): void {
  expectWhole('--parallelism', parallelism)
  expectWhole('--cpus', cpus)
  if (!(memory > 0)) throw new UsageError(`--memory: expected more than 0 GiB, got ${memory}`)
  if (time !== null && !TIME.test(time))
    throw new UsageError(
      `--time: expected a time as Slurm writes it, such as 90 (minutes), 8:00:00 or 1-12:00:00, got ${JSON.stringify(time)}`,
    )
  if (prepare?.includes('\n') === true)
    throw new UsageError('--prepare: expected one line of shell, got several')
}

function expectWhole(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${option}: expected a whole number from 1, got ${value}`)
}

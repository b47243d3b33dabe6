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

import { cpus, release, totalmem } from 'node:os'

/** The machine that figures belong to. */
export function machine(): {
  processor: string
  cores: number
  memoryBytes: number
  system: string
  node: string
} {
  const [first] = cpus()
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `Linux ${release()}`,
    node: process.version,
  }
}

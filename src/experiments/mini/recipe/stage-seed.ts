import { createHash } from 'node:crypto'

/** The seed of a stage in a recipe that is run with a seed of its own: another for each stage and each seed, so that no two draw the same. A whole number of 31 bits. */
export function stageSeed({ seed, stage }: { seed: number; stage: string }): number {
  return createHash('sha256').update(`${seed}/${stage}`).digest().readUInt32BE() >>> 1
}

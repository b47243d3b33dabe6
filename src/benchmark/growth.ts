import type { TreeUse } from './process-tree.js'

/** What more there was at the end than after a tenth of the way. */
export type Growth = TreeUse

/**
 * How memory, descriptors and processes grew between the first sample that lies a tenth of the way along, or behind that, and the last one.
 * @param parameters.at how far along a sample was taken, in any unit
 */
export function growthOf<Sample extends TreeUse>({
  samples,
  at,
}: {
  samples: readonly Sample[]
  at: (sample: Sample) => number
}): Growth {
  const last = samples.at(-1)
  if (last === undefined) throw new RangeError('expected samples, got none')
  const early = samples.find((sample) => at(sample) >= at(last) / 10) ?? last
  return {
    memoryBytes: last.memoryBytes - early.memoryBytes,
    descriptors: last.descriptors - early.descriptors,
    processes: last.processes - early.processes,
  }
}

/** Whether what grew is within what a steady state has. */
export function isFlat({ descriptors, processes, memoryBytes }: Growth): boolean {
  return descriptors <= 0 && processes <= 2 && memoryBytes < 50e6
}

import type { Sample } from '../core/sample.js'

/** Whether two lines tell the same of a sample: how it ended, what was written and seen, how it was scored; how long it took may differ. */
export function isSameSample(a: Sample, b: Sample): boolean {
  return told(a) === told(b)
}

function told({ outcome, error, trajectory, scores }: Sample): string {
  return JSON.stringify([outcome, error, trajectory, scores], (name, value: unknown) =>
    name === 'durationMs' ? undefined : value,
  )
}

import { failureCounter, failureLines } from '../evaluation/run/failures.js'
import type { TrainingEvent } from '../training/loop/training-event.js'

/** Reasons that are told as soon as they are met. */
const TOLD = 10

/** Tells why rollouts of a session failed: of each reason the first at once, and all as counts at the end. */
export function countFailures({ tell }: { tell: (line: string) => void }): {
  readonly onEvent: (event: TrainingEvent) => void
  /** Null: none failed. */
  readonly warning: () => string | null
} {
  const failures = failureCounter()
  let [failed, told] = [0, 0]
  return {
    onEvent(event) {
      if (event.type !== 'failed') return
      failed++
      const met = failures.add(event.sample)
      if (met === null || ++told > TOLD) return
      tell(`A rollout failed, ${met.ending}: ${met.reason} (sample ${met.sampleIds[0]})`)
    },
    warning() {
      if (failed === 0) return null
      return [
        `Warning: ${failed} rollouts failed, and were neither learned from nor measured:`,
        ...failureLines(failures.groups()),
        'Mend what is named, or leave such rows out of the data.',
      ].join('\n')
    },
  }
}

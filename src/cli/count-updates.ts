import type { TrainingEvent } from '../training/loop/training-event.js'

/** Counts the steps of a session that changed nothing, so that a training that learned nothing does not end as if it had. */
export function countUpdates(): {
  readonly onEvent: (event: TrainingEvent) => void
  /** Null: every step made an update. */
  readonly warning: () => string | null
} {
  let [steps, idle] = [0, 0]
  return {
    onEvent(event) {
      if (event.type !== 'step') return
      steps++
      if (event.metrics.figures.updates === 0) idle++
    },
    warning() {
      if (idle === 0) return null
      return `Warning: ${idle} of ${steps} steps taken now made no update, since no group of rollouts told right from wrong (groups/… in metrics.jsonl). Rows that are solved sometimes help (codevision data filter), larger groups (groupSize), or a reward that tells more apart.`
    },
  }
}

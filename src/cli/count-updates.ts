import type { Figures } from '../training/metrics/step-metrics.js'
import type { TrainingEvent } from '../training/loop/training-event.js'
import { skippedFor } from '../training/update/skipped-updates.js'

/** Counts the steps of a session that changed nothing, so that a training that learned nothing does not end as if it had. */
export function countUpdates(): {
  readonly onEvent: (event: TrainingEvent) => void
  /** Null: every step made an update. */
  readonly warning: () => string | null
} {
  let steps = 0
  const idle: Figures[] = []
  return {
    onEvent(event) {
      if (event.type !== 'step') return
      steps++
      const { figures } = event.metrics
      if (figures.updates === 0) idle.push(figures)
    },
    warning() {
      if (idle.length === 0) return null
      const short = idle.filter(isShort)
      const alike = idle.length - short.length
      const causes = [
        ...(alike > 0 ? [`${inSome(alike)}${ALIKE}`] : []),
        ...(short.length > 0 ? [`${inSome(short.length)}${tooFew(short)}`] : []),
      ]
      return `Warning: ${idle.length} of ${steps} steps taken now made no update. ${causes.join(' ')}`
    },
  }

  function inSome(count: number): string {
    return count === idle.length ? 'In these ' : `In ${count} of these `
  }
}

const ALIKE =
  'no group of rollouts told right from wrong (groups/… in metrics.jsonl): rows that are solved sometimes help (codevision data filter), larger groups (groupSize), or a reward that tells more apart.'

/** Most of what a step left out had too few rollouts to compare. */
function isShort(figures: Figures): boolean {
  const lone = skippedFor({ figures, cause: 'lone' })
  return lone > 0 && 2 * lone >= (figures.updatesSkipped ?? 0)
}

function tooFew(steps: readonly Figures[]): string {
  const sum = (name: string): number => steps.reduce((total, figures) => total + (figures[name] ?? 0), 0)
  const [failed, late] = [sum('rollouts/failed'), sum('rollouts/stragglers')]
  return `too few rollouts of a group ended to be compared (groups/lone, groups/empty in metrics.jsonl): ${failed} failed, ${late} were cut off at the deadline. Mend what failed, or give them more time (training.deadlineSeconds).`
}

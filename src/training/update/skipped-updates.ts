import type { GroupFate } from '../rollouts/learn-from.js'
import type { Figures } from '../metrics/step-metrics.js'

/** Why no update was made of a mini-batch. Of groups that share it equally, what stands first is told: there the machine is to be mended. */
export const SKIP_CAUSES = ['lone', 'filtered', 'equal'] as const
export type SkipCause = (typeof SKIP_CAUSES)[number]

/** Updates that were not made, by what was the matter with most groups of each mini-batch. */
export function skippedUpdates({
  miniBatches,
  rounds,
}: {
  /** Of which no update was made: what came of their groups. */
  miniBatches: readonly (readonly GroupFate[])[]
  /** Updates that each would have been. */
  rounds: number
}): Figures {
  const causes = miniBatches.map(causeOf)
  const count = (cause: SkipCause): number => causes.filter((one) => one === cause).length * rounds
  return {
    updatesSkipped: causes.length * rounds,
    'updatesSkipped/equal': count('equal'),
    'updatesSkipped/filtered': count('filtered'),
    'updatesSkipped/lone': count('lone'),
  }
}

function causeOf(groups: readonly GroupFate[]): SkipCause {
  const count = (cause: SkipCause): number => groups.filter((fate) => fate === cause).length
  return SKIP_CAUSES.reduce((most, cause) => (count(cause) > count(most) ? cause : most))
}

/** Updates of a step that were not made for a cause. */
export function skippedFor({ figures, cause }: { figures: Figures; cause: SkipCause }): number {
  return figures[`updatesSkipped/${cause}`] ?? 0
}

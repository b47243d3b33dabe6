import { INFRASTRUCTURE_OUTCOMES, type Sample } from '../../core/sample.js'

/** What the machine did wrong, by its class and in words. */
export interface MachineFailure {
  type: string
  message: string
}

/**
 * Why a sample has no verdict under the scoring that counts; null where it has one. Its own error is that of the run: a judge that failed there may have decided since,
 * and one that was asked since may have failed, of which no words are kept.
 */
export function machineFailure({ outcome, error }: Pick<Sample, 'outcome' | 'error'>): MachineFailure | null {
  if (!INFRASTRUCTURE_OUTCOMES.has(outcome)) return null
  if (error !== null) return { type: error.name, message: error.message }
  return { type: 'JudgeError', message: 'The judge of this scoring gave no verdict.' }
}

import type { Ending } from '../../core/sample.js'
import { OUTCOME_SIGNS } from './words.js'

/** An outcome as a sign with its colour; `withName` writes it out too. */
export function OutcomeMark({ ending, withName = false }: { ending: Ending; withName?: boolean }) {
  return (
    <span class={`outcome ${ending}`}>
      <span class="sign" aria-hidden="true">
        {OUTCOME_SIGNS[ending]}
      </span>
      <span class={withName ? undefined : 'unseen'}>{ending}</span>
    </span>
  )
}

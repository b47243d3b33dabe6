import type { ExecutionFailed } from '../../core/execution.js'
import type { Trajectory } from '../../core/trajectory.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { isProvoked } from '../teacher/provoke/provocation-outcome.js'
import type { ExplainedCall } from './explain-trajectory.js'
import { rejection, type Rejection } from './verdict.js'

/** More failures than this in one trajectory teach to fail (paper, section 3: bounded retries). */
const MOST_FAILURES = 3

/**
 * Of `error-handling`: what was to go wrong did, in the way that was asked for, and was followed by a call that worked. Of every other type: nothing went wrong.
 * @param parameters.isWrong whether a result leads away from the evidence.
 */
export function checkProvocation({
  plan: { provocation },
  trajectory: { calls },
  explained,
  isWrong,
}: {
  plan: Pick<CurationPlan, 'provocation'>
  trajectory: Pick<Trajectory, 'calls'>
  explained: readonly ExplainedCall[]
  isWrong: (call: ExplainedCall) => boolean
}): Rejection | null {
  const failed = calls.flatMap(({ execution }, at) =>
    execution.status === 'error' ? [{ at, execution }] : [],
  )
  if (provocation === null) {
    const [first] = failed
    return first === undefined
      ? null
      : rejection('unplanned-error', `Call ${first.at + 1} was to work; ${describe(first.execution)}`)
  }
  const { kind } = provocation
  const other = failed.find(
    ({ execution }) => kind === 'wrong-tool' || !isProvoked({ provocation: kind, execution }),
  )
  if (other !== undefined)
    return rejection(
      'unplanned-error',
      `Call ${other.at + 1} was to work, or to fail as ${kind} does; ${describe(other.execution)}`,
    )
  const wrong =
    kind === 'wrong-tool' ? explained.filter(isWrong).map(({ call }) => call) : failed.map(({ at }) => at)
  const last = wrong.at(-1)
  if (last === undefined)
    return rejection('not-provoked', `Expected a call that goes wrong as ${kind} does, got none.`)
  if (wrong.length > MOST_FAILURES)
    return rejection(
      'not-provoked',
      `Expected at most ${MOST_FAILURES} calls that go wrong, got ${wrong.length}.`,
    )
  return explained.some((call) => call.call > last && !isWrong(call))
    ? null
    : rejection('not-recovered', 'Expected a call that works after the one that went wrong, got none.')
}

function describe({ kind, type, message }: ExecutionFailed): string {
  return `it failed (${kind}${type === null ? '' : `, ${type}`}): ${message.split('\n')[0]?.slice(0, 200)}`
}

import { randomUUID } from 'node:crypto'
import { digest } from '../service-session.js'
import type { Environment } from './environment.js'
import type { TaskChoice } from './episode-tasks.js'

/**
 * The id of a rollout whose row has none of its own: NeMo-Gym numbers rows and the rollouts of each, so that a seed which is sent again means the same episode. Numbers
 * come again in the next collection; so they stand for an episode only until its first turn.
 */
export function rolloutId({
  environment,
  client,
  choice,
  row: { _ng_task_index: task, _ng_rollout_index: rollout },
}: {
  environment: Environment
  client: string
  choice: TaskChoice
  row: { _ng_task_index?: number | null | undefined; _ng_rollout_index?: number | null | undefined }
}): string {
  if (typeof task !== 'number' || typeof rollout !== 'number') return randomUUID()
  // With the task: another data set has the same numbers.
  const id = `nemo-gym-${task}-${rollout}-${digest([choice.task ?? null, choice.seed ?? null]).slice(0, 16)}`
  const known = environment.peek({ client, id })
  return known !== undefined && (known.callCount > 0 || known.isOver) ? randomUUID() : id
}

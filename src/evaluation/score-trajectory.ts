import type { Reward } from '../core/reward.js'
import type { TrajectoryGroup, TrajectoryRollout } from './group-trajectories.js'
import { scoreTrajectories, type ScoreTrajectoriesParameters } from './score-trajectories.js'

export type ScoreTrajectoryParameters = Omit<ScoreTrajectoriesParameters, 'groups'> &
  Omit<TrajectoryRollout, 'key'> &
  Partial<Pick<TrajectoryGroup, 'requiredTools' | 'box' | 'question' | 'answers'>>

/**
 * Reward of one rollout by itself: what compares it with others of its group is 0. See {@link scoreTrajectories}.
 * @throws UsageError as there.
 */
export async function scoreTrajectory({
  trajectory,
  correct,
  requiredTools = null,
  box = null,
  question,
  answers,
  ...parameters
}: ScoreTrajectoryParameters): Promise<Reward> {
  const rollouts = [{ key: 'rollout', trajectory, correct }]
  const group = { key: 'task', requiredTools, box, question, answers, rollouts }
  const [scored] = await scoreTrajectories({ ...parameters, groups: [group] })
  const reward = scored?.rollouts[0]?.reward
  if (reward === undefined) throw new TypeError('expected a reward for the one rollout')
  return reward
}

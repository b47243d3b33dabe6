import type { Operation } from '../core/execution.js'
import type { Box } from '../core/transform.js'
import type { TrajectoryGroup, TrajectoryRollout } from '../evaluation/group-trajectories.js'
import { RewardInputError } from '../reward/read-reward-groups.js'
import type { WireTrajectory } from './reward-requests.js'

/** A group of trajectories, and where each stood in the request. */
export interface PlacedGroup {
  group: TrajectoryGroup & { rollouts: TrajectoryRollout[] }
  places: number[]
}

/**
 * Trajectories by their tasks, in the order in which these first come.
 * @throws RewardInputError where trajectories of one group disagree about their task, or there are too many groups.
 */
export function taskGroups({
  trajectories,
  mostGroups,
}: {
  trajectories: readonly WireTrajectory[]
  mostGroups: number
}): PlacedGroup[] {
  const groups = new Map<string, PlacedGroup & { task: string }>()
  trajectories.forEach((one, index) => {
    const { group: key, requiredTools, box, question, answers, correct } = one
    const { scorer, options, category, metadata } = one
    const asked = { question, answers, scorer, options, category, metadata }
    const task = JSON.stringify([requiredTools, box, asked])
    const placed = groups.get(key) ?? {
      task,
      group: { key, requiredTools, box, ...asked, rollouts: [] },
      places: [],
    }
    if (placed.task !== task) {
      const first = `trajectories[${placed.places[0] ?? 0}]`
      throw new RewardInputError([
        {
          path: `trajectories[${index}].group`,
          message: `request: \`trajectories[${index}].group\`: expected the required tools, box, question, answers and scorer of ${first}, which is of the same group; got others`,
        },
      ])
    }
    placed.group.rollouts.push({ key: one.key ?? String(index), trajectory: recordOf(one), correct })
    placed.places.push(index)
    groups.set(key, placed)
  })
  if (groups.size > mostGroups)
    throw new RewardInputError([
      {
        path: 'trajectories',
        message: `request: \`trajectories\`: expected at most ${mostGroups} different groups, got ${groups.size}`,
      },
    ])
  return [...groups.values()]
}

/** What rewards read of a trajectory; the rest of an operation is not looked at. */
function recordOf({
  trajectory: { messages, calls, stop },
}: WireTrajectory): TrajectoryRollout['trajectory'] {
  return {
    stop,
    messages: messages.map(({ role, content }) => ({
      role,
      content: content.flatMap((part) => (part.type === 'text' ? [part] : [])),
    })),
    calls: calls.map(({ call: { code, description }, execution: { status, operations } }) => ({
      call: { code, ...(description !== undefined && { description }) },
      execution: {
        status,
        operations: operations.map(({ op, box, verified }): Operation => ({
          ...{ op, verified, call: '', args: [], affine: null },
          box: box as Box | null,
        })),
      },
    })),
  }
}

import { rollout as runRollout } from '../agent/rollout.js'
import type { Figures } from './metrics/step-metrics.js'
import type { Sample } from '../core/sample.js'
import { mean } from '../core/mean.js'
import { RETRIES } from '../evaluation/run/run-sample.js'
import { turnedBack } from '../reward/turned-back.js'
import { collectRollouts } from './rollouts/collect-rollouts.js'
import type { TrainGrpoParameters } from './grpo.js'
import type { TrainingTasks } from './training-tasks.js'

/** What an epoch of a rollout is added to, so that those of an evaluation are none of the training's. */
const EVALUATION_EPOCH = 2 ** 31

/**
 * How well a policy answers questions that it does not learn from: one rollout each, the same random numbers every time. What the machine failed, and what had not ended at the
 * deadline, is left out of the rate and counted. `turnedRight`: of pictures that were transformed, the share that was turned back by a call and answered right.
 */
export async function evaluateTasks({
  tasks,
  parameters,
  deadlineMs = parameters.settings.deadlineMs,
  signal,
  onRollout,
  onFailed,
}: {
  tasks: TrainingTasks
  parameters: Pick<TrainGrpoParameters, 'policy' | 'sandbox' | 'agent' | 'scoring' | 'settings'> &
    Partial<Pick<TrainGrpoParameters, 'retries' | 'secrets'>>
  /** Of all of them together, from now; null: none, default: that of a step's rollouts. */
  deadlineMs?: number | null | undefined
  signal: AbortSignal
  onRollout?: (done: number, of: number) => void
  /** Told of each that the machine failed. */
  onFailed?: (sample: Sample) => void
}): Promise<Figures> {
  const { policy, sandbox, agent, scoring, settings, secrets = [] } = parameters
  const { retries = RETRIES } = parameters
  const all = await tasks.read(Array.from({ length: tasks.count }, (_, place) => place))
  const collected = await collectRollouts({
    rollouts: all.map((task) => ({ task, epoch: EVALUATION_EPOCH })),
    policy,
    rollOut: (request) => runRollout({ ...agent, policy, sandbox, ...request }),
    scoring,
    scorer: tasks.scorer,
    retries,
    secrets,
    concurrency: settings.concurrency,
    deadlineMs,
    signal,
    onFailed,
    ...(onRollout && { onRollout: (done) => onRollout(done, all.length) }),
  })
  const ended = collected.filter(({ sample }) => sample.error === null)
  const stragglers = collected.filter(({ isStraggler }) => isStraggler).length
  const trajectories = ended.flatMap(({ sample }) => sample.trajectory ?? [])
  const turned = ended.filter(({ sample }) => sample.transform !== 'none')
  return {
    accuracy: mean(ended.map(({ sample }) => (sample.outcome === 'correct' ? 1 : 0))),
    turns: mean(trajectories.map(({ turns }) => turns)),
    toolCalls: mean(trajectories.map(({ calls }) => calls.length)),
    turnedRight: mean(
      turned.map(({ sample: { outcome, transform, trajectory } }) =>
        Number(outcome === 'correct' && trajectory !== null && turnedBack({ transform, ...trajectory })),
      ),
    ),
    failed: collected.length - ended.length - stragglers,
    stragglers,
  }
}

import type { ImageRecord } from '../../core/image.js'
import type { ToolDescription } from '../../core/policy.js'
import type { Sample } from '../../core/sample.js'
import type { Trajectory } from '../../core/trajectory.js'
import { exportedSample, type ExportedSample } from './exported-sample.js'
import { machineFailure } from './machine-failure.js'
import { STOP_CONDITIONS, TRACE_VERSION, traceNodes, VERIFIERS_VERSION } from './verifiers-trace.js'

/** What is the same for all episodes of a run. */
export interface VerifiersRun {
  name: string
  /** Seconds since 1970. */
  began: number
  model: string
  /** Settings of the model, by the names of its API. */
  sampling: Readonly<Record<string, unknown>>
  /** Turns of a rollout; null: not known. */
  maxTurns: number | null
  tools: readonly ToolDescription[]
  urlOf: (image: ImageRecord) => Promise<string>
}

/**
 * A sample as a line of the `traces.jsonl` of verifiers (0.4.0, `Episode` with one `Trace`): rollouts of the same question are one group. What the machine did wrong is an error of the episode, which has no trace where the rollout did not end.
 */
export async function verifiersEpisode({
  sample,
  run,
}: {
  sample: Sample
  run: VerifiersRun
}): Promise<Record<string, unknown>> {
  const exported = exportedSample(sample)
  const { key, epoch, suite, trajectory } = sample
  const taskKey = key.slice(0, -`#${epoch}`.length)
  const task = { type: 'Task', data: taskData(exported), key: taskKey }
  const failure = machineFailure(sample)
  const errors = failure === null ? [] : [failure]
  const ok = errors.length === 0
  const common = { task, ok, errors }
  return {
    ...{ id: `${run.name}/${key}`, env: { id: 'codevision', name: suite }, ...common },
    group: { id: taskKey },
    run: { type: 'eval', id: run.name },
    traces: trajectory === null ? [] : [{ ...common, ...(await trace({ exported, trajectory, run })) }],
  }
}

async function trace({
  exported,
  trajectory,
  run: { name, began, model, sampling, maxTurns, tools, urlOf },
}: {
  exported: ExportedSample
  trajectory: Trajectory
  run: VerifiersRun
}): Promise<object> {
  const { sample, score, prediction } = exported
  const { key, transform, outcome, reward, timings } = sample
  const { nodes, calls } = await traceNodes({ trajectory, model, tools, timestamp: began, urlOf })
  const value = score === null ? null : (score.value ?? Number(score.correct))
  const failed = trajectory.calls.filter(({ execution }) => execution.status === 'error')
  return {
    ...{ version: TRACE_VERSION, id: `${name}/${key}`, verifiers: { version: VERIFIERS_VERSION } },
    agent: {
      config: {
        ...{ model, sampling, harness: { id: 'codevision' }, runtime: { type: 'subprocess' } },
        ...(maxTurns !== null && { max_turns: maxTurns }),
      },
      ...{ name: 'agent', trainable: false },
    },
    ...{ tools, nodes, calls },
    rewards: rewardsOf({ reward, score, value }),
    metrics: {
      ...(score !== null && { [score.profile]: value }),
      ...{ turns: trajectory.turns, tool_calls: trajectory.calls.length, tool_errors: failed.length },
      ...Object.fromEntries(
        Object.entries(reward?.parts ?? {}).map(([part, got]) => [`reward/${part}`, got]),
      ),
    },
    info: {
      ...{ sample_key: key, transform, outcome, answer: prediction, rule: score?.rule },
      ...{ judge: score?.judge, reward_reasons: reward?.reasons, usage: trajectory.usage },
      calls: trajectory.calls.map(({ turn, execution }) => ({
        ...{ turn, status: execution.status, ...(execution.status === 'error' && { kind: execution.kind }) },
        operations: execution.operations.filter(({ verified }) => verified).map(({ op }) => op),
      })),
    },
    ...{ is_completed: true, stop_condition: STOP_CONDITIONS[trajectory.stop] },
    timing: timingOf({ timings, began }),
  }
}

/** When a sample began is not recorded: its spans begin with the run, their lengths are its own. */
function timingOf({ timings, began }: { timings: Sample['timings']; began: number }): object {
  const [total, model, judge] = [timings.totalMs / 1000, timings.modelMs / 1000, timings.judgeMs / 1000]
  const rollout = Math.max(0, total - judge)
  const end = began + rollout
  return {
    start: began,
    agent: {
      ...{ start: began, end, model: { duration: Math.min(model, rollout) } },
      harness: { duration: Math.max(0, rollout - model) },
    },
    scoring: { start: end, end: end + judge },
  }
}

/** The reward where there is one, else whether the answer is right: verifiers adds them up. */
function rewardsOf({
  reward,
  score,
  value,
}: {
  reward: Sample['reward']
  score: ExportedSample['score']
  value: number | null
}): object {
  if (reward !== null) return { reward: { score: reward.total, weight: 1 } }
  return score === null ? {} : { [score.profile]: { score: value, weight: 1 } }
}

/** A row as the data of a task; the images stand in the messages. */
function taskData({ sample, number }: ExportedSample): object {
  const { taskId, question, answers, options, category, transform, requiredTools, box, suite, metadata } =
    sample
  return {
    ...(number !== null && { idx: number }),
    ...{ id: taskId, prompt: question, answer: answers[0] ?? '', answers, options, category, suite },
    ...{ transform, required_tools: requiredTools, box, metadata },
  }
}

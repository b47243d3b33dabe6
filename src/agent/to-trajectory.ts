import type { CodeCall } from '../core/code-call.js'
import type { Execution, ExecutionRecord } from '../core/execution.js'
import type { ImageRecord } from '../core/image.js'
import type { Message } from '../core/message.js'
import type { TokenUsage } from '../core/policy.js'
import type { StopReason, Trajectory, TrajectoryImage } from '../core/trajectory.js'

/** A call that was run, with its images still in the sandbox. */
export interface RanCall {
  turn: number
  call: CodeCall
  execution: Execution
}

/** Turn what a rollout gathered into plain JSON: images become references by hash. */
export function toTrajectory({
  messages,
  images,
  calls,
  turns,
  malformedCalls,
  stop,
  usage,
}: {
  messages: readonly Message[]
  images: TrajectoryImage[]
  calls: readonly RanCall[]
  turns: number
  malformedCalls: number
  stop: StopReason
  usage: TokenUsage
}): Trajectory {
  return {
    messages: messages.map(recordMessage),
    images,
    calls: calls.map(({ turn, call, execution }) => ({
      turn,
      call,
      execution: recordExecution({ execution, images }),
    })),
    turns,
    malformedCalls,
    stop,
    usage,
  }
}

function recordMessage({ content, ...rest }: Message): Message<ImageRecord> {
  return {
    ...rest,
    content: content.map((part) => {
      if (part.type === 'text') return part
      const { sha256, width, height } = part.image
      return { type: 'image', index: part.index, image: { sha256, width, height } }
    }),
  }
}

function recordExecution({
  execution,
  images,
}: {
  execution: Execution
  images: readonly TrajectoryImage[]
}): ExecutionRecord {
  if (execution.status === 'error') return execution
  const { width, height, mode, sourceMode } = execution.image
  const sha256 = images[execution.imageIndex]?.sha256
  if (sha256 === undefined)
    throw new RangeError(`Image ${execution.imageIndex} of the rollout has no record.`)
  return { ...execution, image: { sha256, width, height, mode, sourceMode } }
}

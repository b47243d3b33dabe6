import { ModelError } from '../core/errors.js'
import { textOf } from '../core/message.js'
import type { Policy } from '../core/policy.js'
import { sampleKey, type Sample } from '../core/sample.js'

export interface ReplayPolicyParameters {
  /** Identifies the recorded run, such as its folder: named in errors and in the manifest. */
  run: string
  /** Finds a recorded sample by its key; undefined where the run has none. */
  lookup: (key: string) => Sample | undefined | Promise<Sample | undefined>
}

/**
 * Plays a recorded run: at each turn, what its model wrote at that turn for that sample. Nothing is generated, so usage is 0.
 *
 * `next` throws ModelError, not retryable, when the run has no such sample or no such turn.
 */
export function createReplayPolicy({ run, lookup }: ReplayPolicyParameters): Policy {
  return {
    name: 'replay',
    model: run,
    async next({ sample, turn }) {
      const key = sampleKey({ taskKey: sample.key, epoch: sample.epoch })
      const recorded = await lookup(key)
      if (recorded === undefined) {
        throw new ModelError(
          `The recorded run ${run} has no sample ${key}. Replay it over the data, rows and epochs it was recorded with.`,
        )
      }
      const { trajectory } = recorded
      if (trajectory === null) {
        throw new ModelError(
          `The recorded run ${run} has no trajectory for sample ${key}: it ended as ${recorded.outcome}. Resume that run first.`,
        )
      }
      const turns = trajectory.messages.filter(({ role }) => role === 'assistant')
      const message = turns[turn]
      if (message === undefined) {
        throw new ModelError(
          `The recorded run ${run} took ${turns.length} turns for sample ${key}; turn ${turn + 1} was asked for. Replay it with the limits and the parsing it was recorded with.`,
          // Where the recorded conversation was full, so is this one, whose tokens nobody counts.
          { isContextFull: trajectory.stop === 'token-limit' },
        )
      }
      const isCut = trajectory.stop === 'truncated' && turn === turns.length - 1
      return {
        text: textOf(message),
        toolCalls: message.toolCalls ?? [],
        finishReason: isCut ? 'length' : 'stop',
        usage: { promptTokens: 0, completionTokens: 0 },
      }
    },
  }
}

import type { StopReason } from '../../core/trajectory.js'
import { ServiceError } from '../service-error.js'

/** An episode that is over was asked for more. */
export function episodeOver({ id, stop }: { id: string; stop: StopReason | null }): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'episode_over',
    message: `The episode ${id} is over${stop === null ? '' : ` (${stop})`}; expected no further turn.`,
    hint: 'Begin another one: reset, or POST /v1/sessions, or POST /seed_session.',
  })
}

/** A turn came while another one is taken. */
export function turnUnderWay({ id }: { id: string }): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'turn_under_way',
    message: `The episode ${id} takes one turn at a time; another one is under way.`,
    hint: 'Wait for its answer first; to ask for it again, send the same call_id.',
  })
}

/** Why an episode is ended whose client does something else. */
export function ended(why: string): ServiceError {
  return new ServiceError({
    status: 409,
    code: 'episode_ended',
    message: `The episode was ended: ${why}.`,
    hint: 'Begin another one with reset.',
  })
}

/** What the machine did wrong. */
export function episodeLost(cause: unknown): ServiceError {
  return new ServiceError({
    status: 500,
    code: 'episode_lost',
    message: `The episode cannot go on: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
    hint: 'Begin another one. What the machine did wrong is no reward of 0: leave this rollout out.',
    cause,
  })
}

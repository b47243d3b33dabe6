/** What a reward service takes in one request. */
export interface RewardLimits {
  /** Groups, or trajectories' groups. */
  groups: number
  /** Rollouts of all groups together. */
  rollouts: number
  /** Of one text, in UTF-16 units. */
  textLength: number
  /** Requests that are scored or wait for it, of all clients and of one. */
  queue: number
  requestsPerClient: number
  /** Largest request body. */
  bodyBytes: number
  /** Connections at the same time. */
  connections: number
}

export const DEFAULT_REWARD_LIMITS: RewardLimits = {
  groups: 1024,
  rollouts: 32_768,
  textLength: 1_000_000,
  queue: 64,
  requestsPerClient: 64,
  bodyBytes: 64 << 20,
  connections: 1024,
}

/** What one service grants; everything that a client could make grow has a bound. */
export interface ServiceLimits {
  /** Sessions open at the same time, of all clients and of one. */
  sessions: number
  sessionsPerClient: number
  /** Images of a session: those it was opened with, those its calls made, and views of either. An episode has room for what its turns may make, and a view of each, in any case. */
  imagesPerSession: number
  /** Calls of a session over images, whose answers are remembered until it ends; those of an episode are bounded by its turns. */
  callsPerSession: number
  /** Calls that wait for a worker, of all clients. */
  queue: number
  /** Calls of one client that run or wait. */
  callsPerClient: number
  /** Longest deadline that a call may ask for, in milliseconds. */
  timeoutMs: number
  /** Largest request body. */
  bodyBytes: number
  /** Bytes of images that all sessions may hold together: pixels, and files that answers of episodes were given with. */
  heldBytes: number
  /** Connections at the same time. */
  connections: number
}

export const DEFAULT_SERVICE_LIMITS: ServiceLimits = {
  sessions: 1000,
  sessionsPerClient: 1000,
  imagesPerSession: 64,
  callsPerSession: 1000,
  queue: 256,
  callsPerClient: 256,
  timeoutMs: 60_000,
  bodyBytes: 64 << 20,
  heldBytes: 8 * 2 ** 30,
  connections: 1024,
}

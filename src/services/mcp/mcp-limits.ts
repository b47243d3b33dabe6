/** What an MCP server grants; everything that a client could make grow has a bound. */
export interface McpLimits {
  /** Connections over HTTP that are open at the same time, of all clients and of one. */
  sessions: number
  sessionsPerClient: number
  /** Images of a connection: those it opened and those its calls made. */
  imagesPerSession: number
  /** Calls that wait for a worker, of all clients. */
  queue: number
  /** Calls of one client that run or wait. */
  callsPerClient: number
  /** Pixels that all connections hold together, in bytes. */
  heldBytes: number
  /** Largest image file that is opened. */
  fileBytes: number
  /** Largest file that is sent as the picture of a result, before base64. */
  sentBytes: number
  /** Time in which a URL must have given its image, in milliseconds. */
  fetchMs: number
}

export const DEFAULT_MCP_LIMITS: McpLimits = {
  sessions: 100,
  sessionsPerClient: 100,
  imagesPerSession: 64,
  queue: 64,
  callsPerClient: 64,
  heldBytes: 4 * 2 ** 30,
  fileBytes: 64 << 20,
  // Desktop clients take results of about a megabyte, and base64 adds a third.
  sentBytes: 700_000,
  fetchMs: 20_000,
}

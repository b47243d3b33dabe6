import type { Server } from 'node:net'
import type { Logger } from 'pino'

/** A line of the log tells of all that came within such a time. */
const TOLD_EVERY_MS = 10_000

/**
 * Refuse connections beyond so many. They are cut without a word, so nobody else could tell why a client fails: each is counted, and the log says it, though not line by line.
 */
export function refuseConnectionsBeyond({
  most,
  server,
  logger,
  onRefused,
}: {
  most: number
  server: Server
  logger: Logger
  onRefused: () => void
}): void {
  let untold = 0
  let timer: NodeJS.Timeout | undefined
  const tell = (): void => {
    timer = undefined
    if (untold === 0) return
    logger.warn(
      { refused: untold, connections: most },
      `connections beyond ${most} are cut; --connections takes more`,
    )
    untold = 0
    timer = setTimeout(tell, TOLD_EVERY_MS).unref()
  }
  server.maxConnections = most
  server.on('drop', () => {
    onRefused()
    untold += 1
    if (timer === undefined) tell()
  })
}

import { once } from 'node:events'
import { pipeline, type Readable, type Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js'
import type { Logger } from 'pino'
import { SWEEP_EVERY_MS } from '../session-parts.js'
import { BoundedLines } from './bounded-lines.js'
import { McpConnections, type McpConnectionsParameters } from './mcp-connections.js'
import { requestIdOf } from './request-id.js'

export interface ServeStdioParameters extends Omit<McpConnectionsParameters, 'now'> {
  input: Readable
  /** Carries messages of the protocol and nothing else. */
  output: Writable
  /** Longest message that is read, in bytes; one that is longer is answered with an error, and the next one is read. */
  messageBytes: number
  /** Ends the server when aborted. */
  signal: AbortSignal
}

/**
 * Serve one client over a pair of streams, line by line. Resolves when the client is gone (the end of the input, an output that nobody reads) or the signal fires; what
 * still runs is ended then, and nothing of its images is left.
 */
export async function serveStdio({
  input,
  output,
  messageBytes,
  signal,
  ...parameters
}: ServeStdioParameters): Promise<void> {
  const { logger } = parameters
  const connections = new McpConnections({ ...parameters, now: () => performance.now() })
  const { server, session } = connections.open({ client: 'stdio' })
  const lines = boundedLines({ messageBytes, output, logger })
  const transport = new StdioServerTransport(lines, output, { maxBufferSize: messageBytes + 1 })
  const ended = new AbortController()
  const end = (why: string) => () => {
    logger.debug({ why }, 'the connection ends')
    ended.abort()
  }
  lines.once('end', end('end of input')).once('close', end('input closed'))
  pipeline(input, lines, (error) => logger.debug({ err: error }, 'input'))
  // Nobody listens any more; without a listener it would end the process.
  output.on('error', end('output closed'))
  signal.addEventListener('abort', end('signal'), { once: true })
  server.onclose = end('transport closed')
  const timer = setInterval(() => void sweep(connections, logger), SWEEP_EVERY_MS)
  try {
    await server.connect(transport)
    if (!ended.signal.aborted && !signal.aborted) await once(ended.signal, 'abort')
  } finally {
    clearInterval(timer)
    lines.destroy()
    await server.close()
    await connections.close({ session })
  }
}

/** The messages that are not too long. */
function boundedLines({
  messageBytes,
  output,
  logger,
}: Pick<ServeStdioParameters, 'messageBytes' | 'output' | 'logger'>): BoundedLines {
  const message = `The message is longer than ${(messageBytes / 2 ** 20).toFixed(1)} MiB, the longest that is read, and was skipped. Send a smaller image, or raise the limit of the server (--file-mb).`
  return new BoundedLines({
    maxBytes: messageBytes,
    onTooLong: () => logger.warn(message),
    onSkipped: (line) => {
      const answer = {
        jsonrpc: '2.0',
        id: requestIdOf(line),
        error: { code: ErrorCode.InvalidRequest, message },
      }
      output.write(`${JSON.stringify(answer)}\n`)
    },
  })
}

async function sweep(connections: McpConnections, logger: Logger): Promise<void> {
  await connections.sweep().catch((error: unknown) => logger.warn({ err: error }, 'sweep'))
}

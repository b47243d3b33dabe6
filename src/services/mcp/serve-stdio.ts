import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { Logger } from 'pino'
import { McpConnections, type McpConnectionsParameters } from './mcp-connections.js'

export interface ServeStdioParameters extends Omit<McpConnectionsParameters, 'now'> {
  input: Readable
  /** Carries messages of the protocol and nothing else. */
  output: Writable
  /** Longest message that is read, in bytes. */
  messageBytes: number
  /** Ends the server when aborted. */
  signal: AbortSignal
}

/** Base64 and its wrapping, for the largest image that may be handed over. */
export function messageBytesFor({ fileBytes }: { fileBytes: number }): number {
  return Math.ceil((fileBytes * 4) / 3) + (1 << 20)
}

const SWEEP_EVERY_MS = 5_000

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
  const transport = new StdioServerTransport(input, output, { maxBufferSize: messageBytes })
  const ended = new AbortController()
  const end = (why: string) => () => {
    logger.debug({ why }, 'the connection ends')
    ended.abort()
  }
  input.once('end', end('end of input')).once('close', end('input closed'))
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
    await server.close()
    await connections.close({ session })
  }
}

async function sweep(connections: McpConnections, logger: Logger): Promise<void> {
  await connections.sweep().catch((error: unknown) => logger.warn({ err: error }, 'sweep'))
}

import { once } from 'node:events'
import { readServiceTokens } from '../config/service-tokens.js'
import { requireProtection, type ListenAddress } from '../services/access.js'
import { BearerTokens } from '../services/bearer-tokens.js'
import { McpService } from '../services/mcp/mcp-service.js'
import { listenForInterrupts } from './interrupts.js'
import { openMcpParts, stderrLogger, type McpParts, type ServeMcpParameters } from './open-mcp-parts.js'

export interface ServeMcpHttpParameters extends ServeMcpParameters {
  address: ListenAddress
  tokenFile: string | undefined
  origins: readonly string[]
  http: { bodyBytes: number; connections: number }
  drainMs: number
}

/** Serve until SIGTERM or Ctrl-C; running calls may finish then, a second signal ends them. */
export async function serveMcpHttp({
  address,
  tokenFile,
  origins,
  http,
  drainMs,
  logLevel,
  ...parameters
}: ServeMcpHttpParameters): Promise<void> {
  const logger = stderrLogger(logLevel)
  const tokens = await readServiceTokens({ file: tokenFile, onWarning: (message) => console.error(message) })
  requireProtection({ address, tokens: new BearerTokens(tokens) })
  let parts: McpParts | undefined
  let service: McpService | undefined
  const interrupts = listenForInterrupts({
    onDrain: () => logger.info({ seconds: drainMs / 1000 }, 'draining'),
    onCancel: () => void service?.cancel(),
  })
  const { drain } = interrupts
  try {
    parts = await openMcpParts({ ...parameters, logger })
    if (drain.aborted) return
    service = await McpService.start({ ...parts, address, tokens, origins, http })
    const { runtime } = await parts.sandbox.versions()
    const where = address.kind === 'unix' ? `${service.url}, path /mcp` : `${service.url}/mcp`
    console.log(`MCP server on ${where} (${runtime}). Ctrl-C ends it.`)
    if (!drain.aborted) await once(drain, 'abort')
    await service.drain({ graceMs: drainMs })
    logger.info('ended')
  } finally {
    interrupts.stop()
    await parts?.sandbox.close()
  }
}

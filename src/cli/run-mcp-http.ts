import { McpService } from '../services/mcp/mcp-service.js'
import { openMcpParts, type ServeMcpParameters } from './open-mcp-parts.js'
import { runService, type RunServiceParameters } from './run-service.js'

export interface ServeMcpHttpParameters extends ServeMcpParameters, RunServiceParameters {
  origins: readonly string[]
  http: { bodyBytes: number; connections: number }
}

/** Serve MCP over HTTP until SIGTERM or Ctrl-C; running calls may finish then, a second signal ends them. */
export function serveMcpHttp({
  address,
  tokenFile,
  endsWithStdin,
  drainMs,
  logLevel,
  origins,
  http,
  ...parameters
}: ServeMcpHttpParameters): Promise<void> {
  return runService({
    ...{ address, tokenFile, endsWithStdin, drainMs, logLevel },
    open: async ({ tokens, logger, drain, closeAtEnd }) => {
      const parts = await openMcpParts({ ...parameters, logger })
      closeAtEnd(() => parts.sandbox.close())
      if (drain.aborted) return null
      const service = await McpService.start({ ...parts, address, tokens, origins, http })
      const { runtime } = await parts.sandbox.versions()
      const where = address.kind === 'unix' ? `${service.url}, path /mcp` : `${service.url}/mcp`
      return { service, told: `MCP server on ${where} (${runtime})` }
    },
  })
}

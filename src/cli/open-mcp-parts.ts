import type { LevelWithSilent, Logger } from 'pino'
import { packageVersion } from '../config/package-info.js'
import type { ToolSettings } from '../config/tool-schema.js'
import type { HostTools } from '../core/host-tool.js'
import type { SandboxPool } from '../sandbox/pool.js'
import { ImageRoots } from '../services/mcp/image-roots.js'
import { ImageSources, type UrlRule } from '../services/mcp/image-sources.js'
import type { McpLimits } from '../services/mcp/mcp-limits.js'
import { loadTools, openSandboxPool, type RuntimeChoice } from '../wiring.js'

/** What an MCP server is made of, over whatever transport. */
export interface ServeMcpParameters {
  runtime: RuntimeChoice
  concurrency: number
  timeoutMs: number
  /** Functions that code may call. */
  tools: readonly ToolSettings[]
  roots: readonly string[]
  urls: UrlRule
  maxPixels: number
  limits: McpLimits
  leaseMs: number
  logLevel: LevelWithSilent
}

export interface McpParts {
  sandbox: SandboxPool
  hostTools: HostTools
  sources: ImageSources
  maxPixels: number
  limits: McpLimits
  leaseMs: number
  version: string
  logger: Logger
}

/** Start the sandbox, which the caller closes. @throws UsageError for a root that is none, or a tool whose header is not set, SandboxError. */
export async function openMcpParts({
  runtime,
  concurrency,
  timeoutMs,
  tools,
  roots: paths,
  urls,
  logger,
  ...rest
}: Omit<ServeMcpParameters, 'logLevel'> & { logger: Logger }): Promise<McpParts> {
  const roots = await ImageRoots.of(paths)
  const { limits } = rest
  const hostTools = loadTools(tools)
  const version = await packageVersion()
  const sandbox = await openSandboxPool({
    ...{ runtime, concurrency, limits: { timeoutMs }, tools: hostTools },
    maxQueue: limits.queue + limits.callsPerClient + concurrency,
    // Nobody is rewarded here for what the code did.
    observe: false,
    onWarning: (message) => console.error(message),
  })
  return { ...rest, sandbox, hostTools, version, logger, sources: new ImageSources({ roots, urls, limits }) }
}

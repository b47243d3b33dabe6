import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Logger } from 'pino'
import type { Execution } from '../../core/execution.js'
import type { HostTools } from '../../core/host-tool.js'
import type { Sandbox } from '../../core/sandbox.js'
import { Admission } from '../admission.js'
import { CloseTool } from './close-tool.js'
import { CodeImageTool } from './code-image-tool.js'
import { createMcpServer } from './create-mcp-server.js'
import { ImageSession } from './image-session.js'
import type { ImageSources } from './image-sources.js'
import { ListImagesTool } from './list-images-tool.js'
import type { McpLimits } from './mcp-limits.js'
import type { McpTool } from './mcp-tool.js'
import { OpenImageTool } from './open-image-tool.js'
import type { ShownSize } from './show-image.js'

export interface McpConnectionsParameters {
  /** Not closed here. */
  sandbox: Sandbox
  /** What the sandbox lets code call, of which models are told; default none. */
  hostTools?: HostTools
  sources: ImageSources
  /** Bound of width × height of what models see. */
  maxPixels: number
  limits: McpLimits
  /** How long images are kept that nobody uses. */
  leaseMs: number
  /** Milliseconds of a clock that never goes back. */
  now: () => number
  /** Of this package. */
  version: string
  logger: Logger
  /** Told how each call ended that was run. */
  onCall?: (call: { execution: Execution; seconds: number }) => void
}

/** One client: its server, to be connected to a transport, and its images. */
export interface McpConnection {
  server: Server
  session: ImageSession
}

/** All connections of one server over one sandbox: each has images of its own, all share what may wait and be held. */
export class McpConnections {
  readonly tools: readonly McpTool[]
  readonly admission: Admission
  private readonly parameters: McpConnectionsParameters
  private readonly sessions = new Set<ImageSession>()

  constructor(parameters: McpConnectionsParameters) {
    const { sandbox, hostTools = {}, sources, maxPixels, limits } = parameters
    const { queue, callsPerClient, sentBytes: maxBytes } = limits
    const size: ShownSize = { maxPixels, maxBytes }
    this.parameters = parameters
    this.tools = [
      new OpenImageTool({ sources, size }),
      new CodeImageTool({ size, hostTools }),
      new ListImagesTool(),
      new CloseTool(),
    ]
    const capacity = sandbox.stats?.().capacity ?? 1
    this.admission = new Admission({ capacity, queue, callsPerClient })
  }

  get size(): number {
    return this.sessions.size
  }

  /** Bytes of pixels of all of them. */
  get heldBytes(): number {
    let bytes = 0
    for (const session of this.sessions) bytes += session.heldBytes
    return bytes
  }

  /** @param parameters.client whose calls are counted together. */
  open({ client }: { client: string }): McpConnection {
    const { sandbox, limits, leaseMs, now, version, logger, onCall } = this.parameters
    const session = new ImageSession({
      ...{ client, sandbox, limits, leaseMs, now },
      ...(onCall && { onCall }),
      admission: this.admission,
      heldByAll: () => this.heldBytes,
    })
    this.sessions.add(session)
    return { server: createMcpServer({ tools: this.tools, session, version, logger }), session }
  }

  /** The end of a connection: nothing of it is left then. */
  async close({ session }: Pick<McpConnection, 'session'>): Promise<void> {
    await session.close()
    this.sessions.delete(session)
  }

  /** Give up images whose lease is over. */
  async sweep(): Promise<void> {
    const swept = await Promise.all([...this.sessions].map((session) => session.sweep()))
    const count = swept.filter(Boolean).length
    if (count > 0) this.parameters.logger.info({ count }, 'images expired')
  }

  /** End what runs, for the reason. */
  async release(reason: Error): Promise<void> {
    await Promise.all([...this.sessions].map((session) => session.release(reason)))
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.sessions].map((session) => this.close({ session })))
  }
}

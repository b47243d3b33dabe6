import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import type { UrlRule } from '../services/mcp/image-sources.js'
import type { McpLimits } from '../services/mcp/mcp-limits.js'
import { messageBytesFor } from '../services/mcp/message-bytes-for.js'
import { originOf } from './origin-of.js'
import { HTTP_ONLY_OPTIONS, SERVE_MCP_OPTIONS, type ServeMcpArguments } from './serve-mcp-options.js'
import {
  addressOf,
  bodyBytesOf,
  codeLimitsOf,
  count,
  hostToolsOf,
  runtimeOf,
  seconds,
} from './serve-options.js'

export const serveMcpCommand: CommandModule<object, ServeMcpArguments> = {
  command: 'mcp',
  describe: 'Tools over images for any MCP client, over stdio or HTTP (docs/mcp.md)',
  builder: (command) =>
    command
      .options(SERVE_MCP_OPTIONS)
      .conflicts('socket', ['host', 'port'])
      .conflicts('sandbox-socket', 'runtime')
      .check((given) => {
        // Told by yargs-parser, though its types do not say so.
        const { defaulted = {} } = command.parsed as { defaulted?: Record<string, boolean> }
        if (!given.http) refuseHttpOptions({ given, defaulted })
        return true
      })
      .example('$0 serve mcp --root ~/Pictures', 'For a desktop client that starts it itself')
      .example(
        '$0 serve mcp --http --port 8003 --root photos',
        'On http://127.0.0.1:8003/mcp, for this machine only',
      )
      .example('$0 serve mcp --http --host 0.0.0.0 --token-file token', 'For other machines, with a token'),
  handler: async (given) => {
    const limits = limitsOf(given)
    const common = {
      runtime: runtimeOf(given),
      concurrency: count('concurrency', given.concurrency),
      timeoutMs: seconds('timeout', given.timeout),
      tools: await hostToolsOf(given),
      roots: given.root ?? [],
      urls: urlRule(given),
      maxPixels: atLeast('max-pixels', given['max-pixels'], 784),
      limits,
      leaseMs: seconds('lease', given.lease),
    }
    if (!given.http) {
      const { serveMcpStdio } = await import('./run-mcp-stdio.js')
      return serveMcpStdio({ ...common, logLevel: given['log-level'] ?? 'warn' })
    }
    const { serveMcpHttp } = await import('./run-mcp-http.js')
    await serveMcpHttp({
      ...common,
      logLevel: given['log-level'] ?? 'info',
      address: addressOf(given),
      tokenFile: given['token-file'],
      endsWithStdin: given['end-with-stdin'],
      origins: (given['allow-origin'] ?? []).map(originOf),
      http: {
        bodyBytes: given['body-mb'] === undefined ? messageBytesFor(limits) : bodyBytesOf(given['body-mb']),
        connections: count('connections', given.connections),
      },
      drainMs: seconds('drain', given.drain),
    })
  },
}

/** Who gives an option that has no effect forgot something; one that has its default was not given. */
function refuseHttpOptions({
  given,
  defaulted,
}: {
  given: Partial<ServeMcpArguments>
  defaulted: Readonly<Record<string, boolean>>
}): void {
  const wrong = HTTP_ONLY_OPTIONS.find((name) => given[name] !== undefined && defaulted[name] !== true)
  if (wrong !== undefined) throw new UsageError(`--${wrong} is for HTTP: add --http, or leave it out.`)
}

function urlRule({ 'allow-urls': urls, 'allow-private-urls': all }: ServeMcpArguments): UrlRule {
  if (all) return 'any'
  return urls ? 'public' : 'none'
}

function limitsOf(given: ServeMcpArguments): McpLimits {
  return {
    ...codeLimitsOf(given),
    fileBytes: count('file-mb', given['file-mb']) * 2 ** 20,
    sentBytes: atLeast('sent-kb', given['sent-kb'], 8) * 1000,
    fetchMs: seconds('url-timeout', given['url-timeout']),
  }
}

function atLeast(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value
  throw new UsageError(`--${option}: expected a whole number of at least ${least}, got ${value}.`)
}

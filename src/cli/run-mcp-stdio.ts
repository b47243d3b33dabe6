import { messageBytesFor } from '../services/mcp/message-bytes-for.js'
import { serveStdio } from '../services/mcp/serve-stdio.js'
import { claimStdout } from './claim-stdout.js'
import { listenForInterrupts } from './interrupts.js'
import { openMcpParts, type ServeMcpParameters } from './open-mcp-parts.js'
import { stderrLogger } from './stderr-logger.js'

/** Serve one client over stdin and stdout until it is gone, or until SIGTERM or Ctrl-C. */
export async function serveMcpStdio({ logLevel, ...parameters }: ServeMcpParameters): Promise<void> {
  const { stdin: input, stdout, stderr } = process
  const output = claimStdout({ stdout, stderr, console })
  const interrupts = listenForInterrupts({ onDrain: () => undefined, onCancel: () => undefined })
  const { drain: signal } = interrupts
  try {
    const parts = await openMcpParts({ ...parameters, logger: stderrLogger(logLevel) })
    try {
      const messageBytes = messageBytesFor(parts.limits)
      await serveStdio({ ...parts, input, output, messageBytes, signal })
    } finally {
      await parts.sandbox.close()
    }
  } finally {
    interrupts.stop()
    // What was read ahead, or a client that keeps the pipe open, must not keep the process.
    input.destroy()
  }
}

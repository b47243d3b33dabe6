import { once } from 'node:events'
import type { LevelWithSilent, Logger } from 'pino'
import { readServiceTokens } from '../config/service-tokens.js'
import { closeAfter } from '../core/close-after.js'
import { requireProtection, type ListenAddress } from '../services/access.js'
import { BearerTokens } from '../services/bearer-tokens.js'
import { listenForInterrupts } from './interrupts.js'
import { stderrLogger } from './stderr-logger.js'

/** How any service listens, and ends. */
export interface RunServiceParameters {
  address: ListenAddress
  tokenFile: string | undefined
  /** Drained at the end of standard input too. */
  endsWithStdin: boolean
  drainMs: number
  logLevel: LevelWithSilent
}

/** A service that listens. */
export interface RunningService {
  cancel(): Promise<void>
  drain(given: { graceMs: number }): Promise<void>
}

/** What a service is opened with. */
export interface OpenServiceParameters {
  address: ListenAddress
  tokens: Awaited<ReturnType<typeof readServiceTokens>>
  logger: Logger
  onWarning: (message: string) => void
  /** Aborted when the service is to end, which may be before it listens. */
  drain: AbortSignal
  /** Close something after the service has ended, also where it never began: the last first. */
  closeAtEnd: (close: () => Promise<void>) => void
}

/** Serve until SIGTERM or Ctrl-C, or the end of standard input where that is to end it; what runs may finish then, a second signal ends it. @param parameters.open null where it was drained before it listened */
export async function runService({
  address,
  tokenFile,
  endsWithStdin,
  drainMs,
  logLevel,
  open,
}: RunServiceParameters & {
  open: (given: OpenServiceParameters) => Promise<{ service: RunningService; told: string } | null>
}): Promise<void> {
  const logger = stderrLogger(logLevel)
  const onWarning = (message: string): void => console.error(message)
  const tokens = await readServiceTokens({ file: tokenFile, onWarning })
  requireProtection({ address, tokens: new BearerTokens(tokens) })
  let service: RunningService | undefined
  const interrupts = listenForInterrupts({
    onDrain: () => undefined,
    onCancel: () => void service?.cancel(),
  })
  const input = endsWithStdin ? endOf(process.stdin) : undefined
  const drain = AbortSignal.any([interrupts.drain, ...(input === undefined ? [] : [input.signal])])
  drain.addEventListener('abort', () => logger.info({ seconds: drainMs / 1000 }, 'draining'))
  const closes: (() => unknown)[] = [() => interrupts.stop(), () => input?.stop()]
  const closeAtEnd = (close: () => Promise<void>): void => void closes.splice(1, 0, close)
  return closeAfter({
    work: async () => {
      const opened = await open({ address, tokens, logger, onWarning, drain, closeAtEnd })
      if (opened === null) return
      service = opened.service
      console.log(`${opened.told}. Ctrl-C ends it.`)
      if (!drain.aborted) await once(drain, 'abort')
      await service.drain({ graceMs: drainMs })
      logger.info('ended')
    },
    close: closes,
  })
}

/** Aborted when nothing more can come; what comes is left unread. */
function endOf(input: NodeJS.ReadStream): { signal: AbortSignal; stop: () => void } {
  const ended = new AbortController()
  const onEnd = (): void => ended.abort()
  input.on('end', onEnd).on('error', onEnd).on('close', onEnd).resume()
  return { signal: ended.signal, stop: () => input.destroy() }
}

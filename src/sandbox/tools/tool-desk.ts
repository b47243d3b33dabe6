import type { ToolValue } from '../../core/host-tool.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import { CallRate, type ToolUser } from './call-rate.js'
import type { CheckedTool } from './check-tools.js'
import { describeForWorker, type DescribedTool } from './described-tool.js'
import { ToolRefusal } from './tool-refusal.js'
import { writeAnswer } from './write-answer.js'

/** The tools of one sandbox, for all its sessions. */
export class ToolDesk {
  /** What the workers know of them. */
  readonly described: readonly DescribedTool[]
  private readonly tools: ReadonlyMap<string, CheckedTool>
  private readonly rates: ReadonlyMap<string, CallRate>
  private readonly onWarning: (message: string) => void
  /** Tools that failed before. */
  private readonly failed = new Set<string>()

  /** @param onWarning told of the first failure of each tool, with what it met: the code is told no more than its message. */
  constructor({
    tools,
    onWarning,
    now,
  }: {
    tools: readonly CheckedTool[]
    onWarning: (message: string) => void
    now?: () => number
  }) {
    this.onWarning = onWarning
    this.described = tools.map(describeForWorker)
    this.tools = new Map(tools.map((tool) => [tool.name, tool]))
    this.rates = new Map(
      tools.map(({ name, limits: { maxPerMinute } }) => [
        name,
        new CallRate({ maxPerMinute, ...(now && { now }) }),
      ]),
    )
  }

  /** @throws ToolRefusal for a name that is not listed. */
  find(name: string): CheckedTool {
    const tool = this.tools.get(name)
    if (tool) return tool
    throw new ToolRefusal('refused', `there is no tool ${name}`)
  }

  /** Count one use. @throws ToolRefusal where there were too many in the last minute, or the user's share of them is used up. */
  admit({ name }: CheckedTool, user: ToolUser): void {
    const refused = this.rates.get(name)?.begin(user)
    if (refused == null) return
    throw new ToolRefusal(
      'refused',
      refused.by === 'all'
        ? `tools.${name} was used ${refused.used} times in the last minute, as often as it may be; do without it`
        : `tools.${name} was used ${refused.used} times here in the last minute, and the rest is for others; do without it`,
    )
  }

  /**
   * Let a tool do its work until its time is over, or nobody waits for it any more.
   * @returns its answer as the worker reads it.
   * @throws ToolRefusal; the signal's reason when it fires.
   */
  async use(parameters: Use): Promise<Buffer> {
    const { name } = parameters.tool
    try {
      return await writeAnswer({ tool: parameters.tool, value: await this.ask(parameters) })
    } catch (error) {
      if (!parameters.signal.aborted && !this.failed.has(name)) {
        this.failed.add(name)
        this.onWarning(
          `A use of a tool failed: ${textOf(error)}${causesOf(error)}. Later failures of tools.${name} are recorded and not told.`,
        )
      }
      throw error
    }
  }

  private async ask({ tool: { name, limits, tool }, args, signal }: Use): Promise<unknown> {
    const late = new AbortController()
    const timer = setTimeout(
      () =>
        late.abort(
          new ToolRefusal('timeout', `tools.${name} did not answer within ${limits.timeoutMs / 1_000} s`),
        ),
      limits.timeoutMs,
    )
    const either = AbortSignal.any([signal, late.signal])
    try {
      either.throwIfAborted()
      const given = Promise.resolve().then(() => tool.call(args, { signal: either }))
      return await unlessAborted(given, either)
    } catch (cause) {
      if (either.aborted) throw either.reason
      throw new ToolRefusal('failed', `tools.${name}: ${textOf(cause)}`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Get them ready. @throws what the first of those that failed met. */
  async open(): Promise<void> {
    await settled([...this.tools.values()].map(({ tool }) => tool.open?.()))
  }

  /** Close them all. @throws what the first of those that failed met. */
  async close(): Promise<void> {
    await settled([...this.tools.values()].map(({ tool }) => tool.close?.()))
  }
}

interface Use {
  tool: CheckedTool
  args: Readonly<Record<string, ToolValue>>
  signal: AbortSignal
}

const MOST_CAUSES = 5

/** What is behind an error, without what its own message says. */
function causesOf(error: unknown): string {
  const causes: string[] = []
  let shown = textOf(error)
  for (
    let cause = error;
    causes.length < MOST_CAUSES && cause instanceof Error && cause.cause !== undefined;
  ) {
    cause = cause.cause
    const text = textOf(cause).slice(0, 1_000)
    if (!shown.includes(text)) causes.push(text)
    shown = text
  }
  return causes.map((cause) => ` (${cause})`).join('')
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function settled(work: readonly (Promise<void> | undefined)[]): Promise<void> {
  const ended = await Promise.allSettled(work)
  const failure = ended.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

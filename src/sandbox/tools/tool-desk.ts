import type { ToolValue } from '../../core/host-tool.js'
import { beforeAbort } from '../before-abort.js'
import { CallRate } from './call-rate.js'
import type { CheckedTool } from './check-tools.js'
import { describeForWorker, type DescribedTool } from './described-tool.js'
import { ToolRefusal } from './tool-refusal.js'

/** The tools of one sandbox, for all its sessions. */
export class ToolDesk {
  /** What the workers know of them. */
  readonly described: readonly DescribedTool[]
  private readonly tools: ReadonlyMap<string, CheckedTool>
  private readonly rates: ReadonlyMap<string, CallRate>

  constructor({ tools, now }: { tools: readonly CheckedTool[]; now?: () => number }) {
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

  /** Count one use. @throws ToolRefusal where there were too many in the last minute. */
  admit({ name, limits }: CheckedTool): void {
    if (this.rates.get(name)?.admit() === true) return
    throw new ToolRefusal(
      'refused',
      `tools.${name} was used ${limits.maxPerMinute} times in the last minute, as often as it may be; do without it`,
    )
  }

  /**
   * Let a tool do its work until its time is over, or nobody waits for it any more.
   * @throws ToolRefusal; the signal's reason when it fires.
   */
  async use({
    tool: { name, limits, tool },
    args,
    signal,
  }: {
    tool: CheckedTool
    args: Readonly<Record<string, ToolValue>>
    signal: AbortSignal
  }): Promise<unknown> {
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
      return await beforeAbort(given, either)
    } catch (error) {
      if (either.aborted) throw either.reason
      throw new ToolRefusal(
        'failed',
        `tools.${name}: ${error instanceof Error ? error.message : String(error)}`,
      )
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

async function settled(work: readonly (Promise<void> | undefined)[]): Promise<void> {
  const ended = await Promise.allSettled(work)
  const failure = ended.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

import { performance } from 'node:perf_hooks'
import type { Operation, ToolUse } from '../../core/execution.js'
import type { ToolParameter } from '../../core/host-tool.js'
import type { ExchangeDirectory } from '../exchange-directory.js'
import type { CheckedTool } from './check-tools.js'
import type { DescribedTool } from './described-tool.js'
import { bytesOf, readArguments } from './read-arguments.js'
import type { ToolDesk } from './tool-desk.js'
import { ToolRefusal } from './tool-refusal.js'
import type { ToolRequest } from './tool-request.js'
import { writeAnswer, writeRefusal } from './write-answer.js'

/** What a host that runs a job needs of its tools. */
export interface JobTools {
  /** Requests of one run at most; a host that passes on more lies. */
  readonly mostRequests: number
  /**
   * The name of a file of the exchange directory that holds the answer; the caller removes it.
   * @throws SandboxError where it cannot be written; the signal's reason once the job is over.
   */
  answer(request: ToolRequest): Promise<string>
  remove(file: string): Promise<void>
  /** The job is over: what is still under way is told so. */
  end(): void
}

/** The uses of tools by one call of code. */
export class CallTools {
  private readonly desk: ToolDesk
  private readonly exchange: ExchangeDirectory
  private uses: Operation[] = []

  constructor({ desk, exchange }: { desk: ToolDesk; exchange: ExchangeDirectory }) {
    this.desk = desk
    this.exchange = exchange
  }

  get described(): readonly DescribedTool[] {
    return this.desk.described
  }

  /** What the call's last run asked, in order. */
  get operations(): readonly Operation[] {
    return this.uses
  }

  /**
   * The tools for one run of the call: a run that the machine broke off leaves nothing, and another one asks its tools again.
   * @param file of the exchange directory, in which the host hands over the pixels of arguments.
   */
  begin(file: string): JobTools {
    const uses: Operation[] = []
    this.uses = uses
    const counts = new Map<string, number>()
    const over = new AbortController()
    return {
      mostRequests: this.desk.described.reduce((total, tool) => total + tool.max_calls, 0),
      answer: (request) => this.answer({ request, file, uses, counts, signal: over.signal }),
      remove: (name) => this.exchange.remove(name),
      end: () => over.abort(new Error('the call is over')),
    }
  }

  private async answer({
    request,
    file,
    uses,
    counts,
    signal,
  }: {
    request: ToolRequest
    file: string
    uses: Operation[]
    counts: Map<string, number>
    signal: AbortSignal
  }): Promise<string> {
    const use: ToolUse = { outcome: 'unfinished', message: null, durationMs: 0 }
    const started = performance.now()
    const operation: Operation = {
      ...{ op: null, call: `tools.${request.tool}`, args: [], affine: null, box: null, verified: true },
      tool: use,
    }
    uses.push(operation)
    let answer: Buffer
    try {
      const tool = this.desk.find(request.tool)
      operation.args = [shapesOf({ tool, request })]
      const count = (counts.get(tool.name) ?? 0) + 1
      counts.set(tool.name, count)
      answer = await this.use({ tool, request, count, file, signal })
      use.outcome = 'ok'
    } catch (error) {
      if (!(error instanceof ToolRefusal)) throw error
      use.outcome = error.outcome
      use.message = error.message
      answer = writeRefusal(error)
    } finally {
      use.durationMs = performance.now() - started
    }
    const name = this.exchange.newName('file')
    await this.exchange.write(name, answer)
    return name
  }

  private async use({
    tool,
    request,
    count,
    file,
    signal,
  }: {
    tool: CheckedTool
    request: ToolRequest
    count: number
    file: string
    signal: AbortSignal
  }): Promise<Buffer> {
    const { name, limits } = tool
    if (count > limits.maxCalls)
      throw new ToolRefusal('refused', `tools.${name} may be used ${limits.maxCalls} times in one call`)
    const args = await readArguments({
      tool,
      request,
      pixels: () => this.pixelsOf(request, file),
    })
    this.desk.admit(tool)
    return writeAnswer({ tool, value: await this.desk.use({ tool, args, signal }) })
  }

  private async pixelsOf({ tool, images }: ToolRequest, file: string): Promise<Buffer> {
    const bytes = images.reduce((total, image) => total + bytesOf(image), 0)
    try {
      return await this.exchange.read(file, bytes)
    } catch {
      // The host has seen them there: code that changes the file while it waits takes them from itself.
      throw new ToolRefusal('refused', `tools.${tool}: the pixels of an image are gone`)
    }
  }
}

/** Arguments as they are recorded: the form of what may be large, the value of what is small. */
function shapesOf({ tool, request }: { tool: CheckedTool; request: ToolRequest }): Record<string, unknown> {
  const { images } = request
  const shapeOf = (value: unknown, parameter: ToolParameter | undefined): unknown => {
    switch (parameter?.type) {
      case 'image': {
        const image = images[value as number]
        return image ? `${image.mode} ${image.width}×${image.height}` : null
      }
      case 'string':
        return `string of ${String(value).length}`
      case 'number':
      case 'boolean':
        return typeof value === parameter.type ? value : null
      case 'choice':
        return parameter.choices.includes(value as string) ? value : null
      case 'json':
        return `json of ${JSON.stringify(value).length}`
      case undefined:
        return null
    }
  }
  // Only names that the operator wrote: those of a request are the worker's.
  return Object.fromEntries(
    Object.entries(tool.parameters)
      .filter(([key]) => Object.hasOwn(request.arguments, key))
      .map(([key, parameter]) => [key, shapeOf(request.arguments[key], parameter)]),
  )
}

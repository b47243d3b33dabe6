import { performance } from 'node:perf_hooks'
import type { Operation, ToolUse } from '../../core/execution.js'
import type { ToolParameter } from '../../core/host-tool.js'
import type { ExchangeDirectory } from '../exchange-directory.js'
import { GoneFileError } from '../gone-file-error.js'
import type { ToolUser } from './call-rate.js'
import type { CheckedTool } from './check-tools.js'
import type { DescribedTool } from './described-tool.js'
import { bytesOf, readArguments } from './read-arguments.js'
import type { ToolDesk } from './tool-desk.js'
import { ToolRefusal } from './tool-refusal.js'
import type { ToolRequest } from './tool-request.js'
import { writeRefusal } from './write-answer.js'

/** What a host that runs a job needs of its tools. */
export interface JobTools {
  /** Requests of one run at most; a host that passes on more lies. */
  readonly mostRequests: number
  /**
   * The name of a file of the exchange directory that holds the answer; null once nobody waits for it.
   * @throws SandboxError where it cannot be written.
   */
  answer(request: ToolRequest): Promise<string | null>
  /** Nobody waits for the job any more: what is still under way is told so. */
  abort(): void
  /** The job is over: the same, and the answers are removed. @throws SandboxError where they cannot be. */
  end(): Promise<void>
}

/**
 * What the answers of one run hold together. A worker that keeps them open keeps their memory, so they count until it is gone, and not only until they are read.
 */
const MOST_ANSWER_BYTES = 256 * 2 ** 20
/** They may fill no more than this part of what all open sessions may hold: the rest is for images. */
const ANSWERS_SHARE = 1 / 4

/** One run of a call. */
interface Run {
  /** Where the host hands over the pixels of arguments. */
  file: string
  uses: Operation[]
  counts: Map<string, number>
  answers: string[]
  answerBytes: number
  over: AbortController
}

/** The uses of tools by one call of code. */
export class CallTools {
  private readonly desk: ToolDesk
  private readonly user: ToolUser
  private readonly exchange: ExchangeDirectory
  private readonly mostAnswerBytes: number
  private uses: Operation[] = []

  /** @param user whose call it is: users share what a tool may be used in a minute. */
  constructor({
    desk,
    user,
    exchange,
    mostAnswerBytes = Math.min(MOST_ANSWER_BYTES, Math.floor(exchange.maxBytes * ANSWERS_SHARE)),
  }: {
    desk: ToolDesk
    user: ToolUser
    exchange: ExchangeDirectory
    mostAnswerBytes?: number
  }) {
    this.desk = desk
    this.user = user
    this.exchange = exchange
    this.mostAnswerBytes = mostAnswerBytes
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
    const run: Run = {
      ...{ file, uses: [], counts: new Map(), answers: [], answerBytes: 0 },
      over: new AbortController(),
    }
    this.uses = run.uses
    return {
      mostRequests: this.desk.described.reduce((total, tool) => total + tool.max_calls, 0),
      answer: (request) => this.answer(request, run),
      abort: () => run.over.abort(new Error('the call is over')),
      end: async () => {
        run.over.abort(new Error('the call is over'))
        await Promise.all(run.answers.map((name) => this.exchange.remove(name)))
      },
    }
  }

  private async answer(request: ToolRequest, run: Run): Promise<string | null> {
    const use: ToolUse = { outcome: 'unfinished', message: null, durationMs: 0 }
    const started = performance.now()
    const operation: Operation = {
      ...{ op: null, call: `tools.${request.tool}`, args: [], affine: null, box: null, verified: true },
      tool: use,
    }
    run.uses.push(operation)
    let answer: Buffer
    try {
      const tool = this.desk.find(request.tool)
      operation.args = [shapesOf({ tool, request })]
      answer = await this.use({ tool, request, run })
      run.answerBytes += answer.length
      if (run.answerBytes > this.mostAnswerBytes)
        throw new ToolRefusal(
          'failed',
          `the tools of this call have given more than ${this.mostAnswerBytes} bytes`,
        )
      if (!this.exchange.hasRoom(answer.length))
        throw new ToolRefusal('failed', `tools.${tool.name}: there is no room for its answer; do without it`)
      use.outcome = 'ok'
    } catch (error) {
      if (isOver(run)) return null
      if (!(error instanceof ToolRefusal)) throw error
      use.outcome = error.outcome
      use.message = error.message
      answer = writeRefusal(error)
    } finally {
      use.durationMs = performance.now() - started
    }
    if (isOver(run)) return null
    const name = this.exchange.newName('file')
    run.answers.push(name)
    // A refusal is small, and told even where there is no room for it.
    await this.exchange.write(name, answer, { isCounted: this.exchange.hasRoom(answer.length) })
    // The job may have ended while it was written.
    if (!isOver(run)) return name
    await this.exchange.remove(name)
    return null
  }

  private async use({
    tool,
    request,
    run,
  }: {
    tool: CheckedTool
    request: ToolRequest
    run: Run
  }): Promise<Buffer> {
    const { name, limits } = tool
    const count = (run.counts.get(name) ?? 0) + 1
    run.counts.set(name, count)
    if (count > limits.maxCalls)
      throw new ToolRefusal('refused', `tools.${name} may be used ${limits.maxCalls} times in one call`)
    const args = await readArguments({
      tool,
      request,
      pixels: () => this.pixelsOf(request, run.file),
    })
    this.desk.admit(tool, this.user)
    return this.desk.use({ tool, args, signal: run.over.signal })
  }

  private async pixelsOf({ tool, images }: ToolRequest, file: string): Promise<Buffer> {
    const bytes = images.reduce((total, image) => total + bytesOf(image), 0)
    try {
      return await this.exchange.read(file, bytes)
    } catch (error) {
      if (!(error instanceof GoneFileError)) throw error
      // The host has seen them there: code that changes the file while it waits takes them from itself.
      throw new ToolRefusal('refused', `tools.${tool}: the pixels of an image are gone`)
    }
  }
}

function isOver({ over }: Run): boolean {
  return over.signal.aborted
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

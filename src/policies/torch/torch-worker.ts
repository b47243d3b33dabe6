import { join } from 'node:path'
import { startProcess } from '../../bridge/process-wire.js'
import { PythonBridge } from '../../bridge/python-bridge.js'
import type { MemorySettings } from '../../config/memory-settings.js'
import { EngineError, SandboxError } from '../../core/errors.js'
import { ExchangeDirectory } from '../../sandbox/exchange-directory.js'
import {
  layoutBytes,
  packArrays,
  unpackArrays,
  type ArrayLayout,
  type NumberArray,
  type ShapedArray,
} from './arrays.js'
import type { TorchPython } from './torch-python.js'
import { workerEvent, type WorkerEvent } from './worker-event.js'
import { adviceOnDeath, toldFailure } from './worker-failure.js'

/** The process answers at once, but not while a library is being loaded. */
const ANSWER_MS = 120_000
const GRACE_MS = 2_000

type GivenArrays = Readonly<Record<string, ShapedArray>>

/** Arrays that lie ready for a job: a file of the exchange directory. */
export interface SentArrays {
  readonly input: string
  readonly layout: ArrayLayout
}

export type WorkerJob = {
  /** A `do_…` of the engine, `open` or `generate`. */
  readonly method: string
  readonly arguments?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal | undefined
} & (
  | { readonly arrays?: GivenArrays; readonly sent?: undefined }
  /** Gone with the job, however it ends. */
  | { readonly sent: SentArrays; readonly arrays?: undefined }
)

export interface WorkerAnswer {
  readonly result: unknown
  readonly arrays: Readonly<Record<string, NumberArray>>
}

/** The process that holds the weights. What it is asked to do is done in the order in which it was asked. */
export interface TorchWorker {
  /**
   * Do one thing.
   * @throws EngineError when the process is gone, out of memory or broken: it is ended then, and so is everything else that it was asked. UsageError for what it refused, and the system's error
   * (with its `code`) for files that it could not write: it goes on. The reason of the signal: what writes tokens stops, all else runs to its end unheard.
   */
  run(job: WorkerJob): Promise<WorkerAnswer>
  /** Have arrays cross before the job that takes them is asked for, whatever is computed meanwhile. @throws EngineError when they cannot. */
  send(arrays: GivenArrays): Promise<SentArrays>
  /** Let go of what was sent for a job that is not asked for. */
  drop(sent: SentArrays): Promise<void>
  /** End the process; resolves when it is gone, and nothing of it is left. */
  close(): Promise<void>
}

interface Pending {
  readonly output: string
  resolve(event: Exclude<WorkerEvent, { status: 'failed' }>): void
  reject(error: Error): void
}

/** Start it; its model is loaded by the job `open`. @throws EngineError when it does not start, with what it wrote. */
export async function startTorchWorker({
  python: { executable, site, enginePackage, pythonia },
  environment,
  memory,
}: {
  python: TorchPython
  /** Of the process; nothing else is inherited. */
  environment: Readonly<Record<string, string>>
  memory: MemorySettings
}): Promise<TorchWorker> {
  const exchange = await ExchangeDirectory.create({ owner: undefined })
  const pending = new Map<number, Pending>()
  let nextId = 1
  let failure: EngineError | undefined
  let isClosing = false
  const fail = (error: EngineError): void => {
    failure ??= error
    for (const { reject } of pending.values()) reject(failure)
  }
  const wire = startProcess({
    command: [
      executable,
      ...['-I', '-B', join(enginePackage, 'py_engine', 'bootstrap.py')],
      ...['--site', site, '--pythonia', pythonia, '--exchange', exchange.path],
    ],
    environment,
    onKill: () => exchange.close(),
  })
  let bridge: PythonBridge
  const onEvent = (text: string): void => {
    let event: WorkerEvent
    try {
      event = workerEvent.parse(JSON.parse(text))
    } catch (cause) {
      fail(new EngineError(`The torch engine said what is no event: ${text.slice(0, 200)}`, { cause }))
      bridge.kill()
      return
    }
    const waiting = pending.get(event.id)
    if (event.status !== 'failed') {
      waiting?.resolve(event)
      return
    }
    const told = toldFailure({ failure: event, memory })
    if (told.isFatal) {
      fail(told.error)
      bridge.kill()
    } else waiting?.reject(told.error)
  }
  try {
    bridge = await PythonBridge.open({
      name: 'The torch engine',
      wire,
      module: 'py_engine.service',
      startDeadlineMs: ANSWER_MS,
      onEvent,
    })
  } catch (cause) {
    wire.kill()
    await wire.gone
    throw new EngineError((cause as Error).message, { cause })
  }
  void bridge.ended.then((cause) => {
    if (isClosing) fail(new EngineError('The torch engine is closed.'))
    else fail(new EngineError(`${cause.message}\n${adviceOnDeath(memory)}`, { cause, isRetryable: true }))
  })

  /** The exchange directory goes with the process: why that went says more. */
  const whyNot = (error: unknown): unknown => {
    if (failure) return failure
    if (!(error instanceof SandboxError)) return error
    return new EngineError(`Numbers could not cross to the torch engine: ${error.message}`, {
      cause: error,
      isRetryable: error.isRetryable,
    })
  }

  async function send(arrays: GivenArrays): Promise<SentArrays> {
    if (failure) throw failure
    const input = exchange.newName('file')
    const { layout, bytes } = packArrays(arrays)
    try {
      if (layout.length > 0) await exchange.write(input, bytes)
    } catch (error) {
      await exchange.remove(input)
      throw whyNot(error)
    }
    return { input, layout }
  }

  async function run({
    method,
    arguments: given = {},
    arrays = {},
    sent,
    signal,
  }: WorkerJob): Promise<WorkerAnswer> {
    const id = nextId++
    const output = exchange.newName('file')
    let crossed = sent
    const told = new Promise<Exclude<WorkerEvent, { status: 'failed' }>>((resolve, reject) => {
      pending.set(id, { output, resolve, reject })
    })
    told.catch(() => undefined)
    const onAbort = (): void => {
      bridge.request('cancel', [id], { deadlineMs: ANSWER_MS }).catch(() => undefined)
    }
    try {
      if (failure) throw failure
      signal?.throwIfAborted()
      crossed ??= await send(arrays)
      const { input, layout } = crossed
      const job = JSON.stringify({ id, method, arguments: given, arrays: layout, input, output })
      await bridge.request('submit', [job], { deadlineMs: ANSWER_MS })
      signal?.addEventListener('abort', onAbort, { once: true })
      if (signal?.aborted === true) onAbort()
      const event = await told
      signal?.throwIfAborted()
      if (event.status === 'cancelled') throw new EngineError(`${method} was cancelled by nobody`)
      const size = layoutBytes(event.arrays)
      const answer = size === 0 ? Buffer.alloc(0) : await exchange.read(output, size)
      return { result: event.result, arrays: unpackArrays({ layout: event.arrays, bytes: answer }) }
    } catch (error) {
      throw whyNot(error)
    } finally {
      signal?.removeEventListener('abort', onAbort)
      pending.delete(id)
      await Promise.all([crossed && exchange.remove(crossed.input), exchange.remove(output)])
    }
  }

  return {
    run,
    send,
    drop: ({ input }) => exchange.remove(input),
    async close() {
      isClosing = true
      fail(new EngineError('The torch engine is closed.'))
      await bridge.close({ graceMs: GRACE_MS })
      await wire.gone
    },
  }
}

import { SandboxError } from '../core/errors.js'
import type { HostTools } from '../core/host-tool.js'
import type {
  ImageSource,
  OpenOptions,
  Sandbox,
  SandboxProfile,
  SandboxSession,
  SandboxStats,
  SandboxVersions,
} from '../core/sandbox.js'
import type { AnalyzableCall, StaticAnalysis, ToolAnalyzer } from '../core/tool-analysis.js'
import { analyzeCalls } from './analysis/analyze-calls.js'
import { CallMeter } from './call-meter.js'
import { containmentOf } from './containment.js'
import { checkPoolOptions } from './check-limits.js'
import { HostSlot } from './host-slot.js'
import { ImageJobs } from './image-jobs.js'
import { readImageSource } from './read-image-source.js'
import type { Runtime } from './runtime.js'
import type { SandboxLimits } from './sandbox-limits.js'
import { Session } from './session.js'
import { SessionFiles } from './session-files.js'
import { SharedImages } from './shared-images.js'
import { deskOf, openDesk } from './tools/open-desk.js'
import type { ToolDesk } from './tools/tool-desk.js'

export interface PoolParameters {
  runtime: Runtime
  profile: SandboxProfile
  limits: SandboxLimits
  /** Hosts; sessions are spread over them. */
  hosts: number
  /** Jobs that run at the same time in each host. */
  concurrency: number
  /** Keep a second host ready beside each, which takes over when the first dies; default true. */
  standby?: boolean
  /** Tell of each call what its code did to images; default true. */
  observe?: boolean
  /** Calls that may wait for their turn, those of all sessions together; default 1,000. */
  maxQueue?: number
  /** What the images of all open sessions may hold together; default half of the memory-backed folder they lie in. */
  maxBytes?: number
  /** Functions of ours that the code may call; default none. Closed with the sandbox. */
  tools?: HostTools | undefined
  /** Told of the first failure of each tool; default a warning of the process. */
  onWarning?: (message: string) => void
}

const DEFAULT_MAX_QUEUE = 1_000
/** Few, so that calls find room beside them. */
const ANALYSES_PER_HOST = 2
/** The longest text takes a fifth of it, whatever it holds. */
const ANALYSIS_MEMORY_BYTES = 2 ** 30

/** A sandbox over several hosts of one runtime. */
export class SandboxPool implements Sandbox, ToolAnalyzer {
  readonly profile: SandboxProfile
  private readonly runtime: Runtime
  private readonly limits: SandboxLimits
  private readonly observes: boolean
  private readonly slots: readonly HostSlot[]
  /** One for each slot. */
  private readonly places: readonly Place[]
  private readonly meter: CallMeter
  private readonly capacity: number
  private readonly desk: ToolDesk | undefined
  /** Not held: a session that was dropped without being closed is collected. */
  private readonly sessions = new Map<SessionFiles, WeakRef<Session>>()
  private readonly dropped = new FinalizationRegistry<Leftover>((leftover) => {
    leftover.slot.release(leftover.number)
    this.end(leftover)
  })
  private isClosed = false

  private constructor(
    { runtime, profile, limits, concurrency, maxQueue = DEFAULT_MAX_QUEUE, observe = true }: PoolParameters,
    slots: readonly HostSlot[],
    desk: ToolDesk | undefined,
  ) {
    this.desk = desk
    this.runtime = runtime
    this.profile = profile
    this.limits = limits
    this.observes = observe
    this.slots = slots
    this.capacity = slots.length * concurrency
    const meter = new CallMeter({ maxQueue, running: () => sum(slots.map((slot) => slot.running)) })
    this.meter = meter
    this.places = slots.map((slot) => {
      const jobs = new ImageJobs({ slot, limits, meter })
      return { jobs, images: new SharedImages({ jobs, profile }) }
    })
  }

  /** Start the hosts. @throws SandboxError when one does not start; the others are stopped then. */
  static async open(parameters: PoolParameters): Promise<SandboxPool> {
    const { runtime, profile, hosts, concurrency, standby = true, tools = {} } = parameters
    const { onWarning = (message) => process.emitWarning(message) } = parameters
    checkPoolOptions(parameters)
    const desk = deskOf({ tools, profile, onWarning })
    const maxBytes = parameters.maxBytes === undefined ? undefined : parameters.maxBytes / hosts
    const sharing = Math.ceil(hosts / (runtime.replicas ?? 1))
    const opened = await Promise.allSettled(
      Array.from({ length: hosts }, (_, index) =>
        HostSlot.open({ runtime, number: index + 1, concurrency, standby, maxBytes, sharing }),
      ),
    )
    const slots = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const failure = opened.find((result) => result.status === 'rejected')
    try {
      if (failure) throw failure.reason
      if (desk !== undefined) await openDesk({ desk, slots })
      return new SandboxPool(parameters, slots, desk)
    } catch (error) {
      await Promise.allSettled([...slots, ...(desk ? [desk] : [])].map((part) => part.close()))
      throw error
    }
  }

  async versions(): Promise<SandboxVersions> {
    const { versions, group } = await this.first().facts()
    const { python, pillow, numpy, opencv } = versions
    const containment = containmentOf({
      runtime: this.runtime.name,
      isRoot: process.getuid?.() === 0,
      group: { memoryBytes: group.memory_bytes, pids: group.pids },
      memoryBytes: this.limits.memoryBytes,
      concurrency: this.capacity / this.slots.length,
    })
    return { python, pillow, numpy, opencv, runtime: this.runtime.name, profile: this.profile, containment }
  }

  async open(
    images: readonly ImageSource[],
    { user, admit, signal }: OpenOptions = {},
  ): Promise<SandboxSession> {
    if (this.isClosed) throw new SandboxError('The sandbox is closed.')
    const [place] = [...this.places].sort((a, b) => a.jobs.slot.sessions - b.jobs.slot.sessions)
    if (!place) throw new SandboxError('The sandbox has no host.')
    const session = this.newSession(place, user)
    try {
      for (const [index, image] of images.entries()) {
        const name = typeof image === 'string' ? image : `image ${index}`
        await session.append({ bytes: await readImageSource(image), name, admit, signal })
      }
    } catch (error) {
      await session.close()
      throw error
    }
    return session
  }

  /** What the size rules of the sandbox answer; for conformance vectors. */
  async sizeRules(cases: Record<string, unknown>[]): Promise<unknown[]> {
    const job = { op: 'size_rules', cases } as const
    const { timeoutMs, memoryBytes } = this.limits
    const finished = await this.first().run({
      job,
      files: [],
      result: null,
      timeoutMs,
      memoryBytes,
      fileBytes: 0,
    })
    if (!('answers' in finished))
      throw new SandboxError('The sandbox did not answer what its size rules say.')
    return finished.answers
  }

  /**
   * What calls do, read from their text alone, in workers that see nothing else.
   *
   * `readsObjects`: a description that is an object counts by its text; the released rollout loop hands no such text on, so default false.
   * @throws SandboxError when the machine fails again and again, AbortError.
   */
  async analyze(
    calls: readonly AnalyzableCall[],
    { readsObjects = false, signal }: { readsObjects?: boolean; signal?: AbortSignal } = {},
  ): Promise<StaticAnalysis[]> {
    if (this.isClosed) throw new SandboxError('The sandbox is closed.')
    signal?.throwIfAborted()
    const { timeoutMs } = this.limits
    let turn = 0
    return analyzeCalls({
      calls,
      readsObjects,
      concurrency: ANALYSES_PER_HOST * this.slots.length,
      run: (job, { isRetry }) => {
        const slot = this.slots[turn++ % this.slots.length] ?? this.first()
        const limits = { timeoutMs, memoryBytes: ANALYSIS_MEMORY_BYTES, fileBytes: 0 }
        return slot.run({ job, files: [], result: null, ...limits }, { isRetry, signal })
      },
    })
  }

  /** What it does at the moment. */
  stats(): SandboxStats {
    const { queued, running, calls, retries, p95Ms } = this.meter
    return {
      queued,
      running,
      capacity: this.capacity,
      calls,
      retries,
      p95Ms,
      sessions: this.sessions.size,
      hosts: sum(this.slots.map((slot) => slot.hostCount)),
      bytes: sum(this.slots.map((slot) => slot.exchange.bytes)),
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    const sessions = await Promise.allSettled(
      [...this.sessions.values()].map((session) => session.deref()?.close()),
    )
    // Whatever a session met, no host may stay.
    const slots = await Promise.allSettled(this.slots.map((slot) => slot.close()))
    const desk = await Promise.allSettled([this.desk?.close()])
    const failure = [...sessions, ...slots, ...desk].find((result) => result.status === 'rejected')
    if (failure) throw failure.reason
  }

  private newSession({ jobs, images }: Place, user: string | undefined): Session {
    const { slot } = jobs
    const files = new SessionFiles(slot.exchange)
    const number = slot.newSessionNumber()
    const leftover: Leftover = { slot, files, number }
    const { profile, meter } = this
    const onClose = (): void => {
      this.dropped.unregister(leftover)
      this.end(leftover)
    }
    const { observes, desk } = this
    const parameters = { jobs, images, number, files, meter, profile, observes, desk, user, onClose }
    const session = new Session(parameters)
    slot.sessions += 1
    this.sessions.set(files, new WeakRef(session))
    this.dropped.register(session, leftover, leftover)
    return session
  }

  private end({ slot, files }: Leftover): void {
    slot.sessions -= 1
    this.sessions.delete(files)
    // Those of a session that was closed are gone already.
    files.removeAll().catch((error: Error) => process.emitWarning(error))
  }

  private first(): HostSlot {
    const [slot] = this.slots
    if (!slot) throw new SandboxError('The sandbox has no host.')
    return slot
  }
}

/** Where sessions live, and what those of one place share. */
interface Place {
  jobs: ImageJobs
  images: SharedImages
}

/** What is left of a session that was dropped. */
interface Leftover {
  slot: HostSlot
  files: SessionFiles
  /** By which its host keeps what it has prepared for the next call. */
  number: number
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

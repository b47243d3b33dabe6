import { readFile } from 'node:fs/promises'
import { SandboxError } from '../core/errors.js'
import type {
  ImageSource,
  Sandbox,
  SandboxProfile,
  SandboxSession,
  SandboxVersions,
} from '../core/sandbox.js'
import { HostSlot } from './host-slot.js'
import { ImageError } from './image-error.js'
import type { Runtime } from './runtime.js'
import { Session, type SandboxLimits } from './session.js'

export interface PoolParameters {
  runtime: Runtime
  profile: SandboxProfile
  limits: SandboxLimits
  /** Hosts; sessions are spread over them. */
  hosts: number
  /** Jobs that run at the same time in each host. */
  concurrency: number
}

/** A sandbox over several hosts of one runtime. */
export class SandboxPool implements Sandbox {
  readonly profile: SandboxProfile
  private readonly runtime: Runtime
  private readonly limits: SandboxLimits
  private readonly slots: readonly HostSlot[]
  private readonly sessions = new Set<Session>()
  private isClosed = false

  private constructor({ runtime, profile, limits }: PoolParameters, slots: readonly HostSlot[]) {
    this.runtime = runtime
    this.profile = profile
    this.limits = limits
    this.slots = slots
  }

  /** Start the hosts. @throws SandboxError when one does not start; the others are stopped then. */
  static async open(parameters: PoolParameters): Promise<SandboxPool> {
    const { runtime, hosts, concurrency } = parameters
    const opened = await Promise.allSettled(
      Array.from({ length: hosts }, (_, index) => HostSlot.open({ runtime, number: index + 1, concurrency })),
    )
    const slots = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const failure = opened.find((result) => result.status === 'rejected')
    if (failure) {
      await Promise.all(slots.map((slot) => slot.close()))
      throw failure.reason
    }
    return new SandboxPool(parameters, slots)
  }

  async versions(): Promise<SandboxVersions> {
    const { python, pillow, numpy, opencv } = await this.first().versions()
    return { python, pillow, numpy, opencv, runtime: this.runtime.name, profile: this.profile }
  }

  async open(
    images: readonly ImageSource[],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<SandboxSession> {
    if (this.isClosed) throw new SandboxError('The sandbox is closed.')
    const slot = [...this.slots].sort((a, b) => a.sessions - b.sessions)[0] ?? this.first()
    slot.sessions += 1
    const session = new Session({
      slot,
      profile: this.profile,
      limits: this.limits,
      onClose: () => {
        slot.sessions -= 1
        this.sessions.delete(session)
      },
    })
    this.sessions.add(session)
    try {
      for (const [index, image] of images.entries()) {
        const name = typeof image === 'string' ? image : `image ${index}`
        await session.append({ bytes: await bytesOf(image), name, signal })
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

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await Promise.all([...this.sessions].map((session) => session.close()))
    await Promise.all(this.slots.map((slot) => slot.close()))
  }

  private first(): HostSlot {
    const [slot] = this.slots
    if (!slot) throw new SandboxError('The sandbox has no host.')
    return slot
  }
}

async function bytesOf(image: ImageSource): Promise<Buffer> {
  if (typeof image !== 'string') return image
  try {
    return await readFile(image)
  } catch (cause) {
    throw new ImageError(`${image} cannot be read: ${(cause as Error).message}.`, { cause })
  }
}

import type { Random } from '../data/demo/random.js'
import type { Execution } from '../core/execution.js'
import type { SandboxImage } from '../core/image.js'
import type { Sandbox, SandboxSession } from '../core/sandbox.js'
import { encode, knownImage, stamp, type KnownImage } from './known-image.js'
import { settle } from './settle.js'
import { violate, type Tally } from './tally.js'

export interface ClientParameters {
  /** Tells its images from those of others; up to 255. */
  number: number
  sandbox: Sandbox
  random: Random
  tally: Tally
  isOver: () => boolean
}

/** One caller: opens sessions, makes calls of all kinds, checks every answer, closes or drops the session, and begins again. */
export async function runClient(parameters: ClientParameters): Promise<void> {
  for (let session = 1; !parameters.isOver(); session += 1) await new Client(parameters, session).live()
}

/** As many images as a long trajectory has. */
const MOST_IMAGES = 10
const CALL_TIMEOUT_MS = 8_000
const LONGEST_PAUSE_MS = 250

class Client {
  private readonly sessionNumber: number
  private readonly parameters: ClientParameters
  private readonly known: KnownImage[] = []
  private calls = 0

  constructor(parameters: ClientParameters, sessionNumber: number) {
    this.parameters = parameters
    this.sessionNumber = sessionNumber
  }

  async live(): Promise<void> {
    const { random, tally, isOver } = this.parameters
    const session = await this.open()
    if (!session) return
    const steps = random.integer(2, 14)
    for (let step = 0; step < steps && !isOver(); step += 1) {
      await this.step(session)
      await pause(random.integer(0, LONGEST_PAUSE_MS))
    }
    for (const [index, image] of this.known.entries()) await this.check(session.images[index], image, index)
    const closed = await settle({ tally, what: this.name('close'), action: () => session.close() })
    if (closed.how === 'error')
      violate(tally, 'lost', `${this.name('close')} rejected: ${String(closed.error)}`)
  }

  private async open(): Promise<SandboxSession | undefined> {
    const { random, sandbox, tally, number } = this.parameters
    const size = random.pick([
      { width: 48, height: 32 },
      { width: 48, height: 32 },
      { width: 640, height: 480 },
    ])
    const image = knownImage({ client: number, session: this.sessionNumber, ...size })
    const bytes = await encode(image)
    const opened = await settle({ tally, what: this.name('open'), action: () => sandbox.open([bytes]) })
    if (opened.how === 'error')
      violate(tally, 'lost', `${this.name('open')} rejected: ${String(opened.error)}`)
    if (opened.how !== 'value') return undefined
    tally.opened += 1
    this.known.push(image)
    return opened.value
  }

  private async step(session: SandboxSession): Promise<void> {
    const { random } = this.parameters
    this.calls += 1
    const kind = random.integer(0, 99)
    if (kind < 45) await this.image(session, { delayMs: 0 })
    else if (kind < 65) await this.image(session, { delayMs: random.integer(20, 120) })
    else if (kind < 77) await this.raise(session)
    else if (kind < 85) await this.loop(session)
    else if (kind < 95) await this.view(session)
    else await this.abort(session)
  }

  /** A call that makes an image, at once or after a while. */
  private async image(session: SandboxSession, { delayMs }: { delayMs: number }): Promise<void> {
    const { tally, number } = this.parameters
    if (this.known.length >= MOST_IMAGES) return
    const { index, image } = this.pick()
    const { random } = this.parameters
    const { code, result } = stamp({
      image,
      client: number,
      call: this.calls,
      x: random.integer(0, image.width - 1),
      y: random.integer(0, image.height - 1),
    })
    const tag = `${number}-${this.sessionNumber}-${this.calls}`
    const wait = delayMs > 0 ? `import time\ntime.sleep(${delayMs / 1000})\n` : ''
    const execution = await this.execute(session, { code: `${wait}${code}\nprint("${tag}")`, index })
    if (!execution) return
    if (execution.status === 'error') {
      violate(
        tally,
        'wrong',
        `${this.name('call')} should give an image, got ${execution.kind}: ${execution.message}`,
      )
      return
    }
    tally.images += 1
    if (execution.stdout !== `${tag}\n`)
      violate(
        tally,
        'wrong',
        `${this.name('call')} should print ${tag}, printed ${JSON.stringify(execution.stdout)}`,
      )
    if (execution.imageIndex !== this.known.length)
      violate(
        tally,
        'wrong',
        `${this.name('call')} should give image ${this.known.length}, gave ${execution.imageIndex}`,
      )
    this.known.push(result)
    await this.check(execution.image, result, execution.imageIndex)
  }

  private async raise(session: SandboxSession): Promise<void> {
    const { tally, number } = this.parameters
    const tag = `${number}-${this.sessionNumber}-${this.calls}`
    const execution = await this.execute(session, { code: `raise ValueError("${tag}")` })
    if (!execution) return
    tally.errors += 1
    if (execution.status !== 'error' || execution.kind !== 'runtime' || execution.message !== tag)
      violate(tally, 'wrong', `${this.name('call')} should raise ${tag}, got ${told(execution)}`)
  }

  private async loop(session: SandboxSession): Promise<void> {
    const { tally, random } = this.parameters
    const execution = await this.execute(session, {
      code: 'while True: pass',
      timeoutMs: random.integer(60, 140),
    })
    if (!execution) return
    tally.timeouts += 1
    if (execution.status !== 'error' || execution.kind !== 'timeout')
      violate(tally, 'wrong', `${this.name('call')} should time out, got ${told(execution)}`)
  }

  private async view(session: SandboxSession): Promise<void> {
    const { tally, number } = this.parameters
    const { index, image } = this.pick()
    const viewed = await settle({
      tally,
      what: this.name('view'),
      action: () => session.view(index, { minPixels: 28 * 28 * 9, maxPixels: 28 * 28 * 64 }),
    })
    if (viewed.how === 'error')
      violate(tally, 'lost', `${this.name('view')} rejected: ${String(viewed.error)}`)
    if (viewed.how !== 'value') return
    tally.views += 1
    const pixels = await viewed.value.pixels()
    // The client's channel is the same everywhere, and so it is in any copy.
    for (let offset = 2; offset < pixels.length; offset += 3) {
      if (Math.abs((pixels[offset] ?? -9) - (number % 256)) > 1) {
        violate(
          tally,
          'wrong',
          `${this.name('view')} of ${image.width}×${image.height} shows another client's pixels`,
        )
        return
      }
    }
  }

  /** A call that is given up by its caller; the session must stay usable, and its images as they were. */
  private async abort(session: SandboxSession): Promise<void> {
    const { tally, random } = this.parameters
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), random.integer(0, 120))
    const before = session.images.length
    const ended = await settle({
      tally,
      what: this.name('call to be aborted'),
      action: () => session.execute({ code: 'while True: pass' }, { timeoutMs: 5_000, signal: abort.signal }),
    })
    clearTimeout(timer)
    tally.aborted += 1
    const isAbort = ended.how === 'error' && (ended.error as Error).name === 'AbortError'
    if (ended.how === 'value' || (ended.how === 'error' && !isAbort)) {
      const got = ended.how === 'value' ? told(ended.value) : String(ended.error)
      violate(tally, 'wrong', `${this.name('call')} was aborted, got ${got}`)
    }
    if (session.images.length !== before)
      violate(tally, 'wrong', `${this.name('call')} was aborted and left an image`)
  }

  private async execute(
    session: SandboxSession,
    { code, index = 0, timeoutMs = CALL_TIMEOUT_MS }: { code: string; index?: number; timeoutMs?: number },
  ): Promise<Execution | undefined> {
    const { tally } = this.parameters
    const ended = await settle({
      tally,
      what: this.name('call'),
      action: () => session.execute({ code, imageIndex: index }, { timeoutMs }),
    })
    if (ended.how === 'error') violate(tally, 'lost', `${this.name('call')} rejected: ${String(ended.error)}`)
    return ended.how === 'value' ? ended.value : undefined
  }

  private async check(image: SandboxImage | undefined, known: KnownImage, index: number): Promise<void> {
    const { tally } = this.parameters
    try {
      const isRight = image?.width === known.width && (await image.pixels()).equals(known.pixels)
      if (!isRight) violate(tally, 'wrong', `image ${index} of ${this.name('session')} has other pixels`)
    } catch (error) {
      violate(tally, 'lost', `image ${index} of ${this.name('session')} cannot be read: ${String(error)}`)
    }
  }

  private pick(): { index: number; image: KnownImage } {
    const index = this.parameters.random.integer(0, this.known.length - 1)
    const image = this.known[index]
    if (!image) throw new RangeError('Expected at least one image.')
    return { index, image }
  }

  private name(what: string): string {
    return `${what} ${this.calls} of session ${this.sessionNumber} of client ${this.parameters.number}`
  }
}

function told(execution: Execution): string {
  return execution.status === 'ok' ? 'an image' : `${execution.kind}: ${execution.message}`
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

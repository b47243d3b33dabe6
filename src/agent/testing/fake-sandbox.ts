import type { CodeCall } from '../../core/code-call.js'
import type { Execution, ExecutionFailed } from '../../core/execution.js'
import type { SandboxImage } from '../../core/image.js'
import type { ImageSource, Sandbox, SandboxSession, ViewOptions } from '../../core/sandbox.js'
import { fakeImage } from './fake-image.js'

/** What the fake answers to a call: a new image, a failure, or an error of the machine. */
export type FakeOutcome = { image: SandboxImage } | { failure: Partial<ExecutionFailed> } | { throws: Error }

export interface FakeSandbox extends Sandbox {
  /** Everything that was asked of it, in order. */
  readonly log: FakeSandboxCall[]
}

export type FakeSandboxCall =
  | { method: 'open'; images: readonly ImageSource[]; user?: string | undefined }
  | { method: 'execute'; call: CodeCall; timeoutMs: number | undefined }
  | { method: 'view'; index: number; options: ViewOptions }
  | { method: 'add' }
  | { method: 'close' }

/**
 * A sandbox that runs nothing: each call takes the next outcome of the script. Like the real one it checks the image index first, grows
 * its list of images by one with each success, and rejects when the signal has fired.
 */
export function createFakeSandbox({
  outcomes = [],
  image = fakeImage({ width: 40, height: 30 }),
}: { outcomes?: readonly FakeOutcome[]; image?: SandboxImage } = {}): FakeSandbox {
  const script = [...outcomes]
  const log: FakeSandboxCall[] = []
  return {
    profile: 'standard',
    log,
    versions: () =>
      Promise.resolve({
        python: '3.11',
        pillow: '0',
        numpy: '0',
        opencv: '0',
        runtime: 'none',
        profile: 'standard',
        containment: {},
      }),
    async open(images, { user, admit, signal } = {}) {
      log.push({ method: 'open', images, user })
      signal?.throwIfAborted()
      images.forEach(() => admit?.(image))
      return openSession({ images: images.map(() => image), image, script, log })
    },
    close: () => Promise.resolve(),
  }
}

function openSession({
  images,
  image,
  script,
  log,
}: {
  images: SandboxImage[]
  image: SandboxImage
  script: FakeOutcome[]
  log: FakeSandboxCall[]
}): SandboxSession {
  return {
    images,
    async add(_image, { admit, signal } = {}) {
      log.push({ method: 'add' })
      signal?.throwIfAborted()
      admit?.(image)
      return images.push(image) - 1
    },
    async execute(call, { timeoutMs, signal } = {}) {
      log.push({ method: 'execute', call, timeoutMs })
      await Promise.resolve()
      signal?.throwIfAborted()
      const index = call.imageIndex ?? 0
      if (images[index] === undefined) {
        return failed({ type: 'IndexError', message: `image_index ${index} is out of range` })
      }
      const outcome = script.shift()
      if (outcome === undefined) throw new Error('The script of the fake sandbox has no further outcome.')
      if ('throws' in outcome) throw outcome.throws
      return 'failure' in outcome ? failed(outcome.failure) : succeeded({ image: outcome.image, images })
    },
    view(index, options) {
      log.push({ method: 'view', index, options })
      options.signal?.throwIfAborted()
      const source = images[index]
      return source === undefined
        ? Promise.reject(new RangeError(`no image ${index}`))
        : Promise.resolve(viewOf({ image: source, options }))
    },
    close() {
      log.push({ method: 'close' })
      return Promise.resolve()
    },
  }
}

/** A smaller image stands for the resized copy; an image within the bounds is its own view. */
function viewOf({ image, options }: { image: SandboxImage; options: ViewOptions }): SandboxImage {
  const scale = Math.sqrt(options.maxPixels / (image.width * image.height))
  if (scale >= 1) return image
  return fakeImage({
    width: Math.max(1, Math.floor(image.width * scale)),
    height: Math.max(1, Math.floor(image.height * scale)),
  })
}

const TRACE = { stdout: '', operations: [], durationMs: 1 }

function succeeded({ image, images }: { image: SandboxImage; images: SandboxImage[] }): Execution {
  images.push(image)
  return { ...TRACE, status: 'ok', image, unchanged: false, imageIndex: images.length - 1 }
}

function failed(failure: Partial<ExecutionFailed>): Execution {
  return {
    ...TRACE,
    status: 'error',
    kind: 'runtime',
    type: null,
    message: '',
    traceback: '',
    line: null,
    ...failure,
  }
}

import { createHash } from 'node:crypto'
import type { EncodedImage, ImageRecord, SandboxImage } from '../core/image.js'
import type { TrajectoryImage } from '../core/trajectory.js'

/** The images of one rollout as files: what the policy is sent, and what the trajectory keeps. */
export interface ImageLedger {
  /** Add the next image and the copy that the model sees; resolves as soon as that copy can be sent. */
  add(image: SandboxImage, view: SandboxImage, call: number | null): Promise<EncodedImage>
  /** Wait until every full-resolution image is encoded. */
  records(): Promise<{ images: TrajectoryImage[]; files: ReadonlyMap<string, () => Promise<Buffer>> }>
  /** Wait for what still encodes, whatever comes of it; for the way out after an error. */
  settle(): Promise<void>
}

/** A PNG file. Its name is computed when it is asked for: nobody waits for that before the file is sent. */
class EncodedFile implements EncodedImage {
  readonly mediaType = 'image/png'
  readonly width: number
  readonly height: number
  readonly bytes: Buffer
  private name: string | undefined

  constructor({ width, height, bytes }: { width: number; height: number; bytes: Buffer }) {
    this.width = width
    this.height = height
    this.bytes = bytes
  }

  get sha256(): string {
    this.name ??= createHash('sha256').update(this.bytes).digest('hex')
    return this.name
  }

  get record(): ImageRecord {
    const { sha256, width, height } = this
    return { sha256, width, height }
  }

  async read(): Promise<Buffer> {
    return this.bytes
  }
}

interface Entry {
  full: Promise<EncodedFile>
  view: EncodedFile
  call: number | null
  isAnimated: boolean
}

/** Start an empty ledger. The full images are encoded while the model thinks: nobody waits for them before the end. */
export function createImageLedger(): ImageLedger {
  const entries: Entry[] = []
  const running: Promise<EncodedFile>[] = []

  return {
    async add(image, view, call) {
      const copy = await encode(view)
      const full = (await samePixels(image, view)) ? Promise.resolve(copy) : encode(image)
      // Its failure is met in records(); until then it must not count as unhandled.
      full.catch(() => undefined)
      running.push(full)
      entries.push({ full, view: copy, call, isAnimated: image.isAnimated === true })
      return copy
    },

    async records() {
      const images: TrajectoryImage[] = []
      const files = new Map<string, () => Promise<Buffer>>()
      for (const { full: pending, view, call, isAnimated } of entries) {
        const full = await pending
        for (const file of [full, view]) files.set(file.sha256, () => file.read())
        images.push({ ...full.record, call, ...(isAnimated && { isAnimated }), view: view.record })
      }
      return { images, files }
    },

    async settle() {
      await Promise.allSettled(running)
    },
  }
}

async function encode(image: SandboxImage): Promise<EncodedFile> {
  const { width, height } = image
  return new EncodedFile({ width, height, bytes: await image.png() })
}

async function samePixels(a: SandboxImage, b: SandboxImage): Promise<boolean> {
  if (a === b) return true
  if (a.width !== b.width || a.height !== b.height || a.mode !== b.mode) return false
  const [left, right] = await Promise.all([a.pixels(), b.pixels()])
  return left.equals(right)
}

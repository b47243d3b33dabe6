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

interface EncodedFile {
  record: ImageRecord
  bytes: Buffer
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
      return { ...copy.record, mediaType: 'image/png', read: () => Promise.resolve(copy.bytes) }
    },

    async records() {
      const images: TrajectoryImage[] = []
      const files = new Map<string, () => Promise<Buffer>>()
      for (const { full: pending, view, call, isAnimated } of entries) {
        const full = await pending
        for (const { record, bytes } of [full, view]) files.set(record.sha256, () => Promise.resolve(bytes))
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
  const bytes = await image.png()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { record: { sha256, width: image.width, height: image.height }, bytes }
}

async function samePixels(a: SandboxImage, b: SandboxImage): Promise<boolean> {
  if (a === b) return true
  if (a.width !== b.width || a.height !== b.height || a.mode !== b.mode) return false
  const [left, right] = await Promise.all([a.pixels(), b.pixels()])
  return left.equals(right)
}

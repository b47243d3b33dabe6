import PQueue from 'p-queue'
import { UsageError } from '../../core/errors.js'
import type { TaskImage } from '../../core/task.js'
import type { Transform } from '../../core/transform.js'
import { undoneDigest } from '../transforms/undone-digest.js'
import { inspectImage } from './inspect-image.js'
import type { Inspection } from './inspection.js'

/** Looks at each image once, however many rows ask about it. */
export interface ImageInspector {
  inspect(image: TaskImage): Promise<Inspection>
  /** See {@link undoneDigest}. */
  undone(image: TaskImage, transform: Transform): Promise<UndonePixels>
  /** Different images that were looked at. */
  readonly count: number
}

/** The digest of an image's pixels after its transformation was undone, or why there is none. */
export type UndonePixels = { isKnown: true; digest: string } | { isKnown: false; reason: string }

/** Images of so many pixels are held as a whole one at a time: of one of 8K, that is three times 100 MB. */
const LARGE = 4_000_000

export function createImageInspector(): ImageInspector {
  const inspections = new Map<string, Promise<Inspection>>()
  const digests = new Map<string, Promise<UndonePixels>>()
  const oneAtATime = new PQueue({ concurrency: 1 })
  const inspect: ImageInspector['inspect'] = ({ sha256, read }) =>
    remembered(inspections, sha256, () => inspectRead(read))
  return {
    inspect,
    undone: (image, transform) =>
      remembered(digests, `${image.sha256} ${transform}`, async () => {
        const inspection = await inspect(image)
        const isLarge = inspection.isDecodable && inspection.width * inspection.height >= LARGE
        const digest = (): Promise<UndonePixels> => digestOf(image.read, transform)
        return isLarge ? oneAtATime.add(digest) : digest()
      }),
    get count() {
      return inspections.size
    },
  }
}

function remembered<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = make()
  kept.set(key, made)
  return made
}

async function inspectRead(read: TaskImage['read']): Promise<Inspection> {
  const bytes = await read().catch((cause: unknown) => {
    if (cause instanceof UsageError) return cause
    throw cause
  })
  return bytes instanceof UsageError ? { isDecodable: false, reason: bytes.message } : inspectImage(bytes)
}

async function digestOf(read: TaskImage['read'], transform: Transform): Promise<UndonePixels> {
  try {
    return { isKnown: true, digest: await undoneDigest({ bytes: await read(), transform }) }
  } catch (cause) {
    return { isKnown: false, reason: cause instanceof Error ? cause.message : String(cause) }
  }
}

import { SandboxError } from '../../core/errors.js'
import type { Sandbox } from '../../core/sandbox.js'

/** 84 × 56 pixels: of a size that the profile `release` hands to a call as it is. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAFQAAAA4CAAAAABGNoA8AAAAK0lEQVR42u3MMQEAAAwCIKMb3Qb79kEA0geRSqVSqVQqlUqlUqlUKpVKbwNUGTCIgSrdIAAAAABJRU5ErkJggg==',
  'base64',
)

/**
 * Turn a small picture, so that a sandbox which answers but runs nothing is told before a run starts.
 * @throws SandboxError with what came instead of the turned picture.
 */
export async function probeSandbox({
  sandbox,
  signal,
}: {
  sandbox: Sandbox
  signal?: AbortSignal | undefined
}): Promise<void> {
  const wait = signal === undefined ? {} : { signal }
  const session = await sandbox.open([PICTURE], wait)
  try {
    const call = { code: 'result = image.rotate(90, expand=True)', description: 'probe', imageIndex: 0 }
    const result = await session.execute(call, wait)
    if (result.status === 'ok' && result.image.width === 56 && result.image.height === 84) return
    const got =
      result.status === 'ok'
        ? `an image of ${result.image.width} × ${result.image.height}`
        : `${result.type}: ${result.message}`
    throw new SandboxError(
      `The sandbox does not work: expected a picture of 84 × 56 pixels, turned, got ${got}. codevision doctor --sandbox says what is wrong.`,
    )
  } finally {
    await session.close()
  }
}

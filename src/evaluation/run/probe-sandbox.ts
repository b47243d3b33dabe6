import { SandboxError } from '../../core/errors.js'
import type { Sandbox, SandboxProfile } from '../../core/sandbox.js'

/** 3 × 2 pixels. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAHElEQVR4nGNgYNAIYNBYwKDBwFChEVChsaBCAwAgbAQ5U5hoxQAAAABJRU5ErkJggg==',
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
    if (
      result.status === 'ok' &&
      isTurned({ width: result.image.width, height: result.image.height, profile: sandbox.profile })
    )
      return
    const got =
      result.status === 'ok'
        ? `an image of ${result.image.width} × ${result.image.height}`
        : `${result.type}: ${result.message}`
    throw new SandboxError(
      `The sandbox does not work: expected a picture of 3 × 2 pixels, turned, got ${got}. codevision doctor --sandbox says what is wrong.`,
    )
  } finally {
    await session.close()
  }
}

/** The released environment resizes what a call is given: there, only its shape tells. */
function isTurned({
  width,
  height,
  profile,
}: {
  width: number
  height: number
  profile: SandboxProfile
}): boolean {
  return profile === 'release' ? height > width : width === 2 && height === 3
}

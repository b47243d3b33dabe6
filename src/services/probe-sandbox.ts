import type { Sandbox } from '../core/sandbox.js'

/** Two pixels, red and blue, as a PNG file. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAD0lEQVQImWP4z8DAwPAfAAcAAf/89wURAAAAAElFTkSuQmCC',
  'base64',
)
const TURNED = Buffer.from([0, 0, 255, 255, 0, 0])
const CALL = { code: 'result = image.rotate(180)', description: 'health check' }

/** Run code in every sandbox. @throws what hinders it, or an Error that says what came back. */
export async function probeSandbox({
  sandboxes,
  signal,
}: {
  sandboxes: readonly Sandbox[]
  signal: AbortSignal
}): Promise<void> {
  await Promise.all(sandboxes.map((sandbox) => runOne(sandbox, signal)))
}

async function runOne(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  const session = await sandbox.open([PICTURE], { signal })
  try {
    const execution = await session.execute(CALL, { signal })
    if (execution.status === 'error') throw new Error(`${execution.kind}: ${execution.message}`)
    // Under `release` the picture was enlarged; that it came back is what counts there.
    const pixels = await execution.image.pixels()
    if (sandbox.profile === 'standard' && !pixels.equals(TURNED))
      throw new Error('the probe came back with other pixels than it should')
  } finally {
    await session.close()
  }
}
